"""How the browser gets the code and data of our components: once per browser, over HTTP.

Streamlit sends a component's inline code again whenever its data changes. Addresses in Streamlit's media
store name their content, so the browser keeps what it has read; the websocket carries the addresses.
"""

import hashlib

import streamlit as st
from streamlit import runtime

# Code that has been read is called at once: `import` would let the page's other figures go first.
LOADER = """
const read = new Map();
export default (component) => {
  const url = new URL(component.data.code, document.baseURI).href;
  const code = read.get(url);
  if (code) return code.update(component);
  return import(url).then((code) => read.set(url, code) && code.update(component));
};
"""


def address(content: bytes, mimetype: str, place: str) -> str:
    """Address of this content in Streamlit's media store, as st.image has for its pictures. `place` names
    who uses it: the store forgets what no place of the page uses any more."""
    if not runtime.exists():  # `python page.py`, without a server
        return ""
    # The store itself looks only at parts of a large file, so the name carries the whole digest.
    name = hashlib.sha256(content).hexdigest()
    url = runtime.get_instance().media_file_mgr.add(content, mimetype, place, file_name=name)
    base = st.get_option("server.baseUrlPath").strip("/")
    return f"/{base}{url}" if base else url

"""A small graph on a page: drawn as SVG in the browser, walked by mouse and by keyboard."""

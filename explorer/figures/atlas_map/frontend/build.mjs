// Bundle src/ into ../dist/atlas_map.js, with the licences of what is bundled beside it.
import { build } from "esbuild";
import { readFile, readdir, writeFile } from "node:fs/promises";

const out = new URL("../dist/", import.meta.url);

const { metafile } = await build({
  entryPoints: ["src/index.js"],
  absWorkingDir: new URL(".", import.meta.url).pathname,
  bundle: true,
  minify: true,
  format: "esm",
  target: "es2022",
  charset: "utf8",
  loader: { ".css": "text" },
  define: { "process.env.NODE_ENV": '"production"' },
  metafile: true,
  outfile: new URL("atlas_map.js", out).pathname,
});

const packages = new Set(
  Object.keys(metafile.inputs)
    .map((path) => path.match(/node_modules\/((?:@[^/]+\/)?[^/]+)/)?.[1])
    .filter(Boolean),
);

const notices = [];
for (const name of [...packages].sort()) {
  const folder = new URL(`node_modules/${name}/`, import.meta.url);
  const { version, license } = JSON.parse(await readFile(new URL("package.json", folder), "utf8"));
  const file = (await readdir(folder)).find((entry) => /^licen[cs]e/i.test(entry));
  const text = file ? (await readFile(new URL(file, folder), "utf8")).trim() : "";
  notices.push(`${name} ${version} (${license})\n\n${text}`.trim());
}
await writeFile(new URL("LICENSES.txt", out), notices.join(`\n\n${"-".repeat(72)}\n\n`) + "\n");

/* Run every code cell of chapters in the Python that readers' pages run: `node live.mjs MADE LIVE chapter.json ...` prints,
   chapter by chapter, what each cell shows. MADE is the folder of tools/live.py, LIVE the one in the site. */
import { readFile } from "node:fs/promises";
import { pathToFileURL } from "node:url";

const [made, live, ...chapters] = process.argv.slice(2);
const { loadPyodide } = await import(pathToFileURL(`${made}/files/pyodide.mjs`));
const { unpack, PACKED } = await import(pathToFileURL(`${live}/unpack.mjs`));
const python = await loadPyodide({ indexURL: `${made}/files`, stdLibURL: `${live}/library.zip` });
for (const [name, folder] of PACKED) await unpack(python, await readFile(`${live}/${name}`), folder);
python.runPython("import sys; sys.path.insert(0, '/book/book')");
const runtime = python.pyimport("runtime");
for (const chapter of chapters) {
  process.stdout.write(`${runtime.everything(await readFile(chapter, "utf-8"))}\n`);
}
process.exitCode = 0;

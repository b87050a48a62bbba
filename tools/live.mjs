/* What tools/live.py needs of Python in WebAssembly: `node tools/live.mjs CORE FOLDER PLACE` compiles the modules below FOLDER
   to bytecode beside them, as if they stood at PLACE; a reader's page then need not compile them each time. */
import { pathToFileURL } from "node:url";

const [core, folder, place] = process.argv.slice(2);
const { loadPyodide } = await import(pathToFileURL(`${core}/pyodide.mjs`));
const python = await loadPyodide({ indexURL: core });
python.FS.mkdir("/packed");
python.FS.mount(python.FS.filesystems.NODEFS, { root: folder }, "/packed");
python.globals.set("place", place);
python.runPython(`
import compileall, py_compile
compileall.compile_dir(
    "/packed", quiet=2, legacy=True, maxlevels=20, stripdir="/packed", prependdir=place,
    invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH,
)
`);
process.exit(0);

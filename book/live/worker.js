/* Python, in a thread of its own: it can be stopped, and the policy of the page, which forbids WebAssembly, is not its. */
import { loadPyodide } from "./pyodide.js";
import { PACKED, decompressed, unpack } from "./unpack.js";

const network = self.fetch;
let fetched = 0;

/* A file beside this one, its bytes counted as they come. Its folder is named by what is in it: what the browser has will do. */
const read = async (name) => {
  const answer = await network(new URL(name, import.meta.url), { cache: "force-cache" });
  if (!answer.ok) throw new TypeError(`Failed to fetch ${name} (${answer.status})`);
  const count = new TransformStream({
    transform(chunk, to) {
      fetched += chunk.byteLength;
      postMessage({ fetched });
      to.enqueue(chunk);
    },
  });
  return new Response(answer.body.pipeThrough(count));
};

const start = async (chapter) => {
  // All at once; Python starts while its packages are still on the way.
  const packed = PACKED.map(async ([name, folder]) => [await (await read(name)).arrayBuffer(), folder]);
  const core = read("python.bin");
  const library = read("library.zip");
  for (const each of [...packed, core, library]) each.catch(() => {}); // told where it is waited for
  self.fetch = async (address, options) => {
    const name = String(address.url ?? address);
    if (name.endsWith("pyodide.asm.wasm")) {
      return new Response(decompressed((await core).body), { headers: { "Content-Type": "application/wasm" } });
    }
    return name.endsWith("library.zip") ? library : network(address, options);
  };
  const here = new URL(".", import.meta.url).href;
  const python = await loadPyodide({ indexURL: here, stdLibURL: `${here}library.zip`, stdout() {}, stderr() {} });
  for (const each of packed) await unpack(python, ...(await each));
  postMessage({ stage: "starting" });
  python.runPython("import sys; sys.path.insert(0, '/book/book')");
  const runtime = python.pyimport("runtime");
  runtime.start(chapter);
  // A cell, which may have come with an address that somebody shared, has no business on the network.
  for (const name of ["fetch", "XMLHttpRequest", "WebSocket", "EventSource", "WebTransport", "Worker", "caches", "indexedDB"]) {
    Object.defineProperty(self, name, { value: undefined, configurable: false });
  }
  return { python, runtime };
};

let started;
addEventListener("message", async ({ data }) => {
  try {
    if (data.chapter) {
      started = await start(data.chapter);
      postMessage({ ready: true });
      return;
    }
    const { python, runtime } = started;
    const began = performance.now();
    runtime.run(data.edits, data.group, (told) => postMessage({ told: JSON.parse(told) }));
    postMessage({ done: true, took: performance.now() - began, memory: python._module.HEAP8.length });
    runtime.make_ahead(data.edits, data.group);
    postMessage({ ahead: true });
  } catch (error) {
    postMessage({ failed: String(error.message ?? error) });
  }
});

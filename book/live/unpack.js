/* Files packed by tools/live.py: the length of an index, the index (path and size of each, as JSON), their bytes; compressed. */
const PACKAGES = "/lib/python3.12/site-packages";
export const PACKED = [
  ["numpy.bin", PACKAGES],
  ["pandas-compiled.bin", PACKAGES],
  ["pandas.bin", PACKAGES],
  ["matplotlib.bin", PACKAGES],
  ["book.bin", "/book"],
];

export const decompressed = (bytes) => new Response(bytes).body.pipeThrough(new DecompressionStream("gzip"));

export const unpack = async (python, bytes, folder) => {
  const all = new Uint8Array(await new Response(decompressed(bytes)).arrayBuffer());
  let at = 4 + new DataView(all.buffer).getUint32(0);
  const made = new Set();
  for (const [path, size] of JSON.parse(new TextDecoder().decode(all.subarray(4, at)))) {
    const target = `${folder}/${path}`;
    const parent = target.slice(0, target.lastIndexOf("/"));
    if (!made.has(parent)) python.FS.mkdirTree(parent);
    made.add(parent);
    // A view, not a copy: the files stay where they came.
    python.FS.writeFile(target, all.subarray(at, at + size), { canOwn: true });
    at += size;
  }
};

// Weighs and times built pages with Lighthouse as a phone on a slow network, this book beside the template book that
// `jupyter-book create` makes, in one run: node pages.mjs BOOK_HTML TEMPLATE_HTML
import fs from "node:fs";
import http from "node:http";
import path from "node:path";
import zlib from "node:zlib";
import * as launcher from "chrome-launcher";
import lighthouse from "lighthouse";

const RUNS = 3;
// A host that takes seconds from this virtual machine for others slows pages down: runs with more than so many are made
// again, until there are RUNS quiet ones or so many tries.
const QUIET = 0.1;
const TRIES = 4;
const FLAGS = ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run"];
const TYPES = { html: "text/html; charset=utf-8", js: "text/javascript", css: "text/css", svg: "image/svg+xml", woff2: "font/woff2", png: "image/png", json: "application/json" };
const PACKED = new Set(["woff2", "png"]);

/** Serve a folder the way hosts of static pages do, compressed. */
async function serve(folder) {
  const root = path.resolve(folder);
  const server = http.createServer((request, response) => {
    const file = path.join(root, decodeURIComponent(request.url.split("?")[0]));
    if (!file.startsWith(root + path.sep) || !fs.existsSync(file) || fs.statSync(file).isDirectory()) {
      response.writeHead(404).end();
      return;
    }
    const kind = path.extname(file).slice(1);
    const head = { "content-type": TYPES[kind] ?? "application/octet-stream", "cache-control": "max-age=600" };
    if (!PACKED.has(kind)) head["content-encoding"] = "gzip";
    const content = fs.readFileSync(file);
    response.writeHead(200, head).end(PACKED.has(kind) ? content : zlib.gzipSync(content));
  });
  await new Promise((ready) => server.listen(0, "127.0.0.1", ready));
  return server;
}

const median = (numbers) => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)];

/** Seconds of processor time that the host has kept from this machine so far; 0 where the system does not tell. */
function stolen() {
  return fs.existsSync("/proc/stat") ? fs.readFileSync("/proc/stat", "utf8").split(/\s+/)[8] / 100 : 0;
}

/** Measure one page and return the medians of its RUNS quietest runs. */
async function measure(address) {
  const runs = [];
  while (runs.filter((run) => run.stolen <= QUIET).length < RUNS && runs.length < TRIES) {
    const before = stolen();
    const chrome = await launcher.launch({ chromePath: process.env.CHROME_PATH ?? "/usr/bin/chromium", chromeFlags: FLAGS });
    const { lhr } = await lighthouse(address, { port: chrome.port, logLevel: "silent" });
    await chrome.kill();
    const requests = lhr.audits["network-requests"].details.items.filter((item) => item.url.startsWith("http"));
    runs.push({
      performance: 100 * lhr.categories.performance.score,
      accessibility: 100 * lhr.categories.accessibility.score,
      practices: 100 * lhr.categories["best-practices"].score,
      seo: 100 * lhr.categories.seo.score,
      kB: requests.reduce((sum, item) => sum + (item.transferSize || 0), 0) / 1000,
      requests: requests.length,
      lcp: lhr.audits["largest-contentful-paint"].numericValue,
      stolen: stolen() - before,
    });
  }
  const quietest = runs.toSorted((a, b) => a.stolen - b.stolen).slice(0, RUNS);
  const keys = Object.keys(runs[0]).filter((key) => key !== "stolen");
  const medians = keys.map((key) => [key, Math.round(median(quietest.map((run) => run[key])))]);
  return { ...Object.fromEntries(medians), stolen: quietest.at(-1).stolen.toFixed(2), tries: runs.length };
}

const [book, template] = process.argv.slice(2);
if (!book || !template) throw new Error("usage: node pages.mjs BOOK_HTML TEMPLATE_HTML");
const rows = [];
for (const [folder, pages] of [
  [template, ["intro.html", "notebooks.html"]],
  [book, fs.readdirSync(path.join(book, "book")).filter((name) => name.endsWith(".html")).map((name) => `book/${name}`)],
]) {
  const server = await serve(folder);
  for (const page of pages) {
    const found = await measure(`http://127.0.0.1:${server.address().port}/${page}`);
    rows.push({ page: folder === template ? `template ${page}` : page, ...found });
    console.log(JSON.stringify(rows.at(-1)));
  }
  server.close();
}
const base = rows[0];
console.log(`\nBeside ${base.page}: ${base.kB} kB, ${base.requests} requests, largest paint after ${base.lcp} ms`);
for (const row of rows.slice(2)) {
  const share = (key) => (row[key] / base[key]).toFixed(2);
  console.log(`${row.page}: weight × ${share("kB")}, requests × ${share("requests")}, largest paint × ${share("lcp")}, performance ${row.performance}`);
}

/* Change a cell where it stands, run it (worker.js), and see what comes of it beside what was published. */

const SINCE = "Chrome 89, Edge 89, Firefox 114 or Safari 16.4";
const made = (tag, name, ...children) => {
  const node = document.createElement(tag);
  if (name) node.className = name;
  node.append(...children);
  return node;
};
const button = (words, act) => {
  const node = made("button", "", words);
  node.type = "button";
  node.addEventListener("click", act);
  return node;
};
const megabytes = (bytes) => `${Math.round(bytes / 1e6)} MB`;

/* What a cell shows is HTML that its code made, and the code may be anybody's: only marks for reading are kept of it, links to
   the web and to this book, and pictures that came with it. */
const KEPT = new Set(
  (
    "A ARTICLE B BR CAPTION CODE DD DETAILS DIV DL DT EM FIGCAPTION FIGURE H3 H4 I IMG LI OL P PICTURE PRE SMALL SOURCE SPAN " +
    "STRONG SUB SUMMARY SUP TABLE TBODY TD TH THEAD TR UL"
  ).split(" "),
);
const ADDRESS = {
  href: /^(https?:\/\/|\.\.\/data\/[\w.-]+$|[\w-]+\.html(#[\w-]+)?$|data:text\/csv;base64,)/,
  src: /^data:image\/svg\+xml;base64,/,
  srcset: /^data:image\/svg\+xml;base64,\S+$/,
};
const PLAIN = new Set("alt aria-hidden aria-label class colspan download height media role rowspan scope tabindex title width".split(" "));
const clean = (html) => {
  const body = new DOMParser().parseFromString(html, "text/html").body;
  for (const node of [...body.querySelectorAll("*")]) {
    if (!KEPT.has(node.tagName)) {
      node.remove();
      continue;
    }
    for (const { name, value } of [...node.attributes]) {
      if (!PLAIN.has(name) && !ADDRESS[name]?.test(value)) node.removeAttribute(name);
    }
  }
  const kept = document.createDocumentFragment();
  kept.append(...[...body.childNodes].map((node) => document.importNode(node, true)));
  return kept;
};

const storage = {
  get(key) {
    try {
      return JSON.parse(localStorage.getItem(key));
    } catch {
      return null;
    }
  },
  set(key, value) {
    try {
      value === null ? localStorage.removeItem(key) : localStorage.setItem(key, JSON.stringify(value));
    } catch {
      // Forbidden or full: the change lives as long as the page.
    }
  },
};

/* A change as part of an address, and back. */
const packed = async (value) => {
  const stream = new Blob([JSON.stringify(value)]).stream().pipeThrough(new CompressionStream("deflate-raw"));
  const bytes = new Uint8Array(await new Response(stream).arrayBuffer());
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join("")).replace(/\+/g, "-").replace(/\//g, "_").replace(/=/g, "");
};
const unpacked = async (text) => {
  const bytes = Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (letter) => letter.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate-raw"));
  return JSON.parse(await new Response(stream).text());
};

/* Why Python did not start, in words. */
const reason = (error) => {
  const words = String(error);
  if (/Failed to fetch|NetworkError|Load failed|dynamically imported/i.test(words)) {
    return "Its files could not be fetched: are you offline? Your change is kept; run it again later.";
  }
  if (/memory|RangeError|allocat/i.test(words)) {
    return "There is not enough memory here to run Python: close other tabs, or use a computer. Your change is kept.";
  }
  return `Python does not run in this browser (${words.slice(0, 200)}). It needs ${SINCE} or newer.`;
};

/* Keys of an editor: Tab indents (after Escape it leaves), Enter keeps the indentation. Typed by command, so that it can be undone. */
const type = (area, text) => {
  if (!document.execCommand("insertText", false, text)) area.setRangeText(text, area.selectionStart, area.selectionEnd, "end");
};
const keys = (area, run) => {
  let leave = false;
  area.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      run();
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    const { value, selectionStart: from, selectionEnd: to } = area;
    const line = value.lastIndexOf("\n", from - 1) + 1;
    if (event.key === "Tab" && !leave) {
      event.preventDefault();
      if (from === to && !event.shiftKey) return type(area, " ".repeat(4 - ((from - line) % 4)));
      const old = value.slice(line, to);
      const fresh = event.shiftKey ? old.replace(/^ {1,4}/gm, "") : old.replace(/^(?=.)/gm, "    ");
      if (fresh === old) return;
      area.setSelectionRange(line, to);
      type(area, fresh);
      area.setSelectionRange(from === to ? Math.max(line, from + fresh.length - old.length) : line, to + fresh.length - old.length);
    } else if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      const indent = value.slice(line, from).match(/^ */)[0] + (/:\s*$/.test(value.slice(line, from)) ? "    " : "");
      type(area, `\n${indent}`);
    }
    leave = event.key === "Escape" || (leave && event.key === "Shift");
  });
  area.addEventListener("blur", () => (leave = false));
};

class Page {
  constructor(here, name, chapter, sizes, groups) {
    Object.assign(this, { here, name, chapter });
    this.weight = Object.values(sizes).reduce((sum, size) => sum + size, 0);
    this.worker = null; // when it has been started
    this.busy = null; // the group that runs
    this.marks = []; // what the last run left on the page
    const cells = chapter.cells.map((cell) => cell.source.trimEnd());
    let from = 0;
    this.groups = groups.map((node, number) => {
      const inputs = node.matches(".cell_input") ? [node] : [...node.querySelectorAll(".cell_input")];
      const numbers = inputs.map((input) => {
        const at = cells.indexOf(input.querySelector("pre").textContent.trimEnd(), from);
        if (at < 0) throw new Error("This page and its code do not belong together: reload the page.");
        from = at + 1;
        return at;
      });
      return { node, inputs, numbers, number, key: `run/${name}/${number}`, areas: null };
    });
  }

  /* The reader's changes that stand on the page: number of a cell -> code. */
  edits() {
    const found = {};
    for (const { areas, numbers } of this.groups) {
      areas?.forEach((area, at) => {
        if (area.value.trimEnd() !== this.source(numbers[at])) found[numbers[at]] = area.value;
      });
    }
    return found;
  }

  source(number) {
    return this.chapter.cells[number].source.trimEnd();
  }

  open(number) {
    const group = this.groups[number];
    if (!group.areas) this.edit(group);
    group.areas[group.areas.length - 1].focus();
  }

  edit(group) {
    const kept = storage.get(group.key) ?? {};
    group.areas = group.numbers.map((number, at) => {
      const area = made("textarea", "run-code");
      const { id } = this.chapter.cells[number];
      area.value = kept[id] ?? this.source(number);
      area.spellcheck = false;
      area.wrap = "off";
      area.rows = Math.min(24, area.value.split("\n").length + 1);
      area.setAttribute("autocapitalize", "off");
      area.setAttribute("autocomplete", "off");
      area.setAttribute("aria-label", `Code of cell ${number + 1}. Tab indents; Escape, then Tab leaves; Ctrl and Enter run.`);
      keys(area, () => this.run(group));
      area.addEventListener("input", () => this.keep(group));
      group.inputs[at].hidden = true;
      group.inputs[at].after(area);
      return area;
    });
    const bar = group.node.querySelector(".run-bar") ?? group.node.parentElement.querySelector(".run-bar");
    group.go = button("Run", () => this.run(group));
    group.stop = button("Stop", () => this.stop("Stopped. Python starts anew at the next run; nothing is fetched again."));
    group.stop.hidden = true;
    group.says = made("span", "run-says");
    group.says.setAttribute("role", "status");
    group.bar = made("progress", "");
    group.bar.hidden = true;
    group.bar.setAttribute("aria-label", "Fetched");
    group.yours = made("div", "run-yours");
    group.yours.tabIndex = -1;
    group.yours.setAttribute("role", "region");
    group.yours.setAttribute("aria-label", "With your change");
    bar.replaceChildren(
      group.go,
      group.stop,
      button("Reset", () => this.reset(group)),
      button("Share", () => this.share(group)),
      button("Download notebook", () => this.download(group)),
      group.bar,
      group.says,
    );
    bar.after(group.yours);
    if (!this.worker) this.announce(group);
  }

  /* Before anything is fetched: how much it will be. */
  announce(group) {
    const before = storage.get("run/fetched") === this.here.href;
    group.go.textContent = before ? "Run" : `Run (fetches ${megabytes(this.weight)})`;
    const phone = matchMedia("(pointer: coarse)").matches || navigator.connection?.saveData;
    group.says.textContent = before
      ? "Runs in this page; Python is in your browser’s cache."
      : `Runs in this page, and nothing leaves it. The first run fetches Python, ${megabytes(this.weight)}, once.` +
        (phone ? " On a phone that is data you may pay for, half a gigabyte of memory, and some patience." : "");
  }

  keep(group) {
    const changed = group.numbers.flatMap((number, at) =>
      group.areas[at].value.trimEnd() === this.source(number) ? [] : [[this.chapter.cells[number].id, group.areas[at].value]],
    );
    storage.set(group.key, changed.length ? Object.fromEntries(changed) : null);
  }

  /* --- Python */

  async start(group) {
    for (const needed of ["WebAssembly", "Worker", "DecompressionStream"]) {
      if (!(needed in window)) throw new Error(`${needed} is missing`);
    }
    const worker = new Worker(new URL("worker.js", this.here), { type: "module" });
    this.worker = worker;
    group.bar.hidden = false;
    group.bar.max = this.weight;
    await new Promise((ready, fail) => {
      this.fail = fail;
      // Files come in pieces by the hundred; a reader hears of every fifth of them.
      let heard = -1;
      worker.onerror = (event) => fail(new Error(event.message || "Failed to fetch: the worker did not start"));
      worker.onmessage = ({ data }) => {
        if (data.fetched) {
          group.bar.value = data.fetched;
          const fifth = Math.floor((5 * data.fetched) / this.weight);
          if (fifth > heard) {
            heard = fifth;
            group.says.textContent = `Fetching Python: ${megabytes(data.fetched)} of ${megabytes(this.weight)}`;
          }
        }
        if (data.stage) group.says.textContent = "Python starts ...";
        if (data.failed) fail(new Error(data.failed));
        if (data.ready) ready();
      };
      worker.postMessage({ chapter: JSON.stringify(this.chapter) });
    });
    storage.set("run/fetched", this.here.href);
  }

  stop(words) {
    const group = this.busy;
    this.worker?.terminate();
    this.worker = null;
    this.fail?.(null);
    if (group) this.rest(group, words);
  }

  rest(group, words) {
    this.busy = null;
    group.stop.hidden = group.bar.hidden = true;
    group.go.disabled = false;
    group.go.textContent = "Run";
    group.says.textContent = words;
  }

  async run(group) {
    if (this.busy) {
      if (this.busy !== group) group.says.textContent = "Another cell is running: stop it, or wait.";
      return;
    }
    this.busy = group;
    group.go.disabled = true;
    group.stop.hidden = false;
    group.stop.textContent = this.worker ? "Stop" : "Cancel";
    this.clear();
    try {
      if (!this.worker) await this.start(group);
    } catch (error) {
      this.worker?.terminate();
      this.worker = null;
      if (this.busy && error) this.rest(group, reason(error.message));
      return;
    }
    group.bar.hidden = true;
    group.stop.textContent = "Stop";
    group.says.textContent = "Runs ...";
    group.yours.replaceChildren(made("p", "run-label", "With your change"));
    const worker = this.worker;
    await new Promise((done) => {
      this.fail = done;
      let ended = "";
      worker.onerror = (event) => (this.stop(reason(event.message)), done());
      worker.onmessage = ({ data }) => {
        if (data.told) ended = this.told(group, data.told) ?? ended;
        if (data.failed) this.stop(reason(data.failed));
        if (data.done) {
          this.memory = data.memory;
          this.rest(group, ended);
        }
        if (data.done || data.failed) done();
      };
      worker.postMessage({ edits: JSON.stringify(this.edits()), group: JSON.stringify(group.numbers) });
    });
  }

  /* --- What came of it */

  clear() {
    for (const mark of this.marks.splice(0)) mark.remove();
    for (const group of this.groups) group.yours?.replaceChildren();
  }

  mark(after, node) {
    after.after(node);
    this.marks.push(node);
  }

  /* Show what the worker says; returns the words for the status once all is said. */
  told(group, said) {
    if (said.error) {
      const where = group.numbers.includes(said.cell) && said.line ? ` (cell ${said.cell + 1}, line ${said.line})` : "";
      group.yours.append(made("pre", "run-error", `${said.error}${where}`));
      return `The cell stopped: ${said.error.split("\n").pop()}${where}`;
    }
    if (said.figure) {
      const published = document.getElementById(`fig-${said.figure}`);
      const yours = made("div", "run-yours", made("p", "run-label", "With your change"), clean(said.html));
      if (published) this.mark(published, yours);
      return null;
    }
    if (said.end) return this.ended(group, said);
    for (const show of said.shows) {
      group.yours.append(show.record.facts ? this.receipts(show.record.facts) : clean(show.html));
    }
    for (const words of [said.printed, said.value]) if (words) group.yours.append(made("pre", "", words));
    return null;
  }

  published(id) {
    return this.chapter.cells.map((cell) => cell.facts[id]).find((words) => words !== undefined);
  }

  receipts(facts) {
    const head = made("tr", "", ...["Published", "Yours", "How"].map((words) => made("th", "", words)));
    for (const cell of head.cells) cell.scope = "col";
    const rows = facts.map(({ id, shown, how }) => {
      const before = this.published(id);
      const row = made("tr", shown === before ? "" : "run-changed", made("td", "", before ?? "–"), made("td", "", shown), made("td", "", how));
      row.dataset.fact = id;
      return row;
    });
    const scroll = made("div", "table-scroll", made("table", "run-receipts", made("thead", "", head), made("tbody", "", ...rows)));
    scroll.tabIndex = 0;
    scroll.setAttribute("role", "region");
    scroll.setAttribute("aria-label", "Receipts, published and yours");
    return scroll;
  }

  ended(group, { changed, claims, below }) {
    const own = new Set(group.numbers);
    const further = changed.filter((fact) => !own.has(fact.cell));
    for (const fact of changed) {
      for (const link of document.querySelectorAll(`a.fact[href$="#fact-${CSS.escape(fact.id)}"]`)) {
        this.mark(link, made("ins", "run-fact", ` (yours: ${fact.yours})`));
      }
    }
    if (further.length) {
      group.yours.append(made("p", "run-label", "Further down this page"), this.receipts(further.map((fact) => ({ ...fact, shown: fact.yours }))));
    }
    const settled = claims.map((each) => {
      const words =
        `The ledger states “${each.states}”: published ${each.published}, yours ${each.yours}. ` +
        (each.holds ? "Its number still holds." : "Its number no longer holds.");
      const card = document.getElementById(`claim-${each.claim}`)?.closest("article");
      if (card) {
        const line = made("p", "run-claim", `With your change: ${words}`);
        card.append(line);
        this.marks.push(line);
      }
      const link = made("a", "", `Claim ${each.claim}`);
      link.href = card ? `#claim-${each.claim}` : `ledger.html#ledger-${each.claim}`;
      const item = made("li", "", link, `. ${words}`);
      item.dataset.claim = each.claim;
      return item;
    });
    if (settled.length) {
      group.yours.append(
        made("p", "run-label", "Claims whose numbers these are"),
        made("ul", "run-claims", ...settled),
        made("p", "run-note", "Verdicts are judgements: they are not computed, and stay as published."),
      );
    }
    if (below.length) group.yours.append(made("p", "run-note", below.join(" ")));
    const count = changed.length;
    const broken = claims.filter((each) => !each.holds).length;
    const others = Object.keys(this.edits()).filter((number) => !own.has(+number)).length;
    return (
      (count ? `${count} ${count === 1 ? "receipt differs" : "receipts differ"} from what was published` : "Every receipt is as published") +
      (broken ? `; ${broken} ${broken === 1 ? "claim’s number no longer holds" : "claims’ numbers no longer hold"}` : "") +
      (others ? `; your changes to other cells count too` : "") +
      "."
    );
  }

  /* --- What a reader does with a change */

  reset(group) {
    if (this.busy === group) this.stop("");
    group.numbers.forEach((number, at) => (group.areas[at].value = this.source(number)));
    this.keep(group);
    this.clear();
    group.says.textContent = "As published again.";
  }

  async share(group) {
    const cells = Object.entries(this.edits()).map(([number, code]) => [this.chapter.cells[number].id, code]);
    if (!cells.length) {
      group.says.textContent = "Nothing is changed yet.";
      return;
    }
    const address = new URL(`#run=${await packed(Object.fromEntries(cells))}`, location.href);
    history.replaceState(history.state, "", address);
    try {
      await navigator.clipboard.writeText(address.href);
      group.says.textContent = "The address of this page with your change is copied.";
    } catch {
      group.says.textContent = "The address in the bar above now holds your change: copy it.";
    }
  }

  async shared(text) {
    const cells = await unpacked(text);
    const found = this.groups.filter((group) => group.numbers.some((number) => this.chapter.cells[number].id in cells));
    for (const group of found) {
      if (!group.areas) this.edit(group);
      group.numbers.forEach((number, at) => (group.areas[at].value = cells[this.chapter.cells[number].id] ?? group.areas[at].value));
      group.node.open = true;
      group.says.textContent = `This change came with the address: read it before you run it. ${group.says.textContent}`;
    }
    found[0]?.node.scrollIntoView();
  }

  async download(group) {
    try {
      const source = new URL(`../../_sources/book/${this.name}.ipynb`, this.here);
      const notebook = await (await fetch(source)).json();
      const codes = Object.entries(this.edits()).map(([number, code]) => [this.chapter.cells[number].id, code]);
      const changed = new Map(codes);
      for (const cell of notebook.cells) {
        if (changed.has(cell.id)) Object.assign(cell, { source: changed.get(cell.id), outputs: [], execution_count: null });
      }
      const link = made("a");
      link.href = URL.createObjectURL(new Blob([JSON.stringify(notebook, null, 1)], { type: "application/x-ipynb+json" }));
      link.download = `${this.name}-changed.ipynb`;
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 60000);
    } catch {
      group.says.textContent = "The notebook could not be fetched: are you offline?";
    }
  }
}

let opened;
export const page = (here, name, groups) => {
  const open = async () => {
    const read = async (file) => {
      const answer = await fetch(new URL(file, here));
      if (!answer.ok) throw new TypeError(`${file}: ${answer.status}`);
      return answer.json();
    };
    const style = made("link");
    style.rel = "stylesheet";
    style.href = new URL("live.css", here);
    document.head.append(style);
    const [chapter, sizes] = await Promise.all([read(`${name}.json`), read("sizes.json")]);
    return new Page(here, name, chapter, sizes, groups);
  };
  opened ??= open();
  opened.catch(() => (opened = null));
  return opened;
};

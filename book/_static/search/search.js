/* The one search of the site: places.js has the words of every place, MiniSearch makes the index when somebody searches.
   Names are found without their accents, numbers with and without their commas, claims by their ids. */
const WORTH = { Receipt: 0.7, Row: 0.7, Work: 0.5, Tables: 0.2 };
const BEHIND = 0.6; // the same for each step behind the essay: tables, solutions, changes; then the pages of countries
const LENGTH = { k: 1.2, b: 0.4, d: 0.5 }; // long sections count nearly as much as short ones (MiniSearch's b is 0.7)
/* What is asked for by name comes first: a receipt by its number, a claim by its id, a term, and a page by its title. */
const NAMED = new Set(["Claim", "Receipt", "Term"]);
const SHOWN = 4; // places of a page that are not folded
const LONGEST = 240; // characters of a sentence that is shown whole
const LETTERS = { ø: "o", ł: "l", đ: "d", ð: "d", þ: "th", ß: "ss", æ: "ae", œ: "oe", ı: "i" };
/* A word or a number with what may stand inside it: 6,934, 2.09, 3:53, esp-08, O’Brien, U.S, 2010–2016. */
const WORD = /[\p{L}\p{M}\p{N}]+(?:[-–_.,:'’][\p{L}\p{M}\p{N}]+)*/gu;

/* Where a sentence ends, though not after a letter alone, as in U.S. */
const SENTENCE = /(?<=[.!?;]["”’)]?)(?<!(?:^|[ .(])\p{L}\.) /u;

const plain = (words) =>
  words
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .replace(/[øłđðþßæœı]/g, (letter) => LETTERS[letter]);
/* Without what can be written or left out: thousands' commas, apostrophes, the points of U.S. */
const bare = (word) =>
  plain(word)
    .replace(/['’]/g, "")
    .replaceAll("–", "-")
    .replace(/(?<![\d.])\d{1,3}(?:,\d{3})+(?!\d)/g, (number) => number.replaceAll(",", ""))
    .replace(/(?<![\p{L}\p{N}])\p{L}(?:\.\p{L})+(?![\p{L}\p{N}])/gu, (letters) => letters.replaceAll(".", ""));
/* Decimals and times stay whole. */
const parts = (word) => word.split(/[-_]|(?<!\d)[.,:]|[.,:](?!\d)|,|(?<=\p{L})(?=\p{N})|(?<=\p{N})(?=\p{L})/u).filter(Boolean);
const known = new Map();
const terms = (word) => {
  if (!known.has(word)) known.set(word, [...new Set([bare(word), ...parts(bare(word))])]);
  return known.get(word);
};
const wordsOf = (text) => text.match(WORD) ?? [];
const line = (text) => wordsOf(text).map((word) => terms(word)[0]).join(" ");
const lines = new Map();
/* The same for the words of a place, which many queries ask for. */
const lineOf = ({ words }) => {
  if (!lines.has(words)) lines.set(words, ` ${line(words)} `);
  return lines.get(words);
};

/* What a word of a query may be in the text: itself, what begins with it, and its stem, which other forms begin with. */
const asked = (word) => {
  if (/\d/.test(word)) return [{ term: word, prefix: false }];
  const stem = /^(.{4,})(?<!s)s$|^(.{5,}?)(?:ies|ed|ing|ations?|ions?)$/.exec(word);
  const forms = [{ term: word, prefix: word.length > 2 }];
  if (stem) forms.push({ term: stem[1] ?? stem[2], prefix: true });
  return forms;
};

/* Make the index. Lines that stand in several places are kept once: their number stands for them. */
const made = async ({ pages, shared }) => {
  const places = pages.flatMap((page) =>
    page.places.map(([fragment, kind, title, lines], number) => ({
      page,
      fragment,
      kind,
      title,
      words: lines.map((text) => (typeof text === "number" ? shared[text] : text)).join("\n"),
      name: NAMED.has(kind) ? line(kind === "Claim" ? title.split(":")[0] : title) : number ? "" : line(title.split(":")[0]),
    })),
  );
  const index = new MiniSearch({ fields: ["title", "words"], tokenize: wordsOf, processTerm: terms });
  /* Piece by piece, so that the page answers meanwhile. */
  await index.addAllAsync(places.map(({ title, words }, id) => ({ id, title, words })), { chunkSize: 40 });
  return { places, index };
};

/* Return the places that have a word, in one of the forms: place number -> [score, the words there]. */
const having = (index, forms, fuzzy) => {
  const found = new Map();
  for (const { term, prefix } of forms) {
    const options = { prefix, fuzzy, boost: { title: 2 }, bm25: LENGTH, tokenize: (text) => [text], processTerm: (text) => text };
    for (const { id, score, terms: there } of index.search(term, options)) {
      const before = found.get(id) ?? [0, []];
      found.set(id, [Math.max(before[0], score), [...before[1], ...there]]);
    }
  }
  return found;
};

/* What a place gains when it is asked for by its name: most in the ledger, less where a unit follows the number. */
const named = ({ name, kind, fragment }, query) => {
  if (name === query) return fragment.startsWith("ledger-") ? 2000 : 1000;
  return kind === "Receipt" && name.startsWith(`${query} `) ? 500 : 0;
};

/* Return {pages: [{page, hits}], all, near}: the pages that have all words of a query, the best first, each with its places,
   the best first; where no page has all, those that have some; where none has any, those with words like them. */
const found = ({ places, index }, query) => {
  const words = line(query).split(" ").filter(Boolean);
  const whole = words.flatMap((word) => (/\d/.test(word) ? [word] : parts(word)));
  const exactly = words.join(" ");
  const phrase = /^["“].*["”]$/.test(query.trim()) && words.length > 1;
  const ranked = (wanted, fuzzy) => {
    const lists = wanted.map((word) => having(index, asked(word), fuzzy(word)));
    const pages = new Map();
    for (const [number, list] of lists.entries()) {
      for (const [id, [score, there]] of list) {
        const { page } = places[id];
        if (!pages.has(page)) pages.set(page, { page, hits: new Map(), has: new Set() });
        const { hits, has } = pages.get(page);
        has.add(number);
        const hit = hits.get(id) ?? { ...places[id], score: 0, has: 0, terms: new Set() };
        hit.score += score;
        hit.has += 1;
        for (const term of there) hit.terms.add(term);
        hits.set(id, hit);
      }
    }
    return { count: lists.length, pages: [...pages.values()] };
  };
  const finished = ({ count, pages }) => {
    for (const each of pages) {
      each.hits = [...each.hits.values()];
      for (const hit of each.hits) {
        hit.score *= (WORTH[hit.kind] ?? 1) * BEHIND ** hit.page.behind * (hit.has / count) ** 2;
        if (count > 1 && hit.has === count && lineOf(hit).includes(` ${exactly} `)) hit.score *= 2;
        else if (phrase) hit.score = 0;
        hit.score += named(hit, exactly);
      }
      each.hits = each.hits.filter(({ score }) => score).sort((one, other) => other.score - one.score);
    }
    const filled = pages.filter(({ hits }) => hits.length);
    return filled.sort((one, other) => other.hits[0].score - one.hits[0].score);
  };
  const some = ranked(whole, () => false);
  const all = { ...some, pages: some.pages.filter(({ has }) => has.size === some.count) };
  if (all.pages.length || phrase) return { pages: finished(all), all: true, near: false };
  if (some.pages.length) return { pages: finished(some), all: false, near: false };
  const like = ranked(words.flatMap(parts), (word) => (/\d/.test(word) || word.length < 4 ? false : 0.25));
  return { pages: finished(like), all: false, near: true };
};

const matches = (word, there) => terms(word).some((term) => there.has(term));
/* Return the sentence or row of a place that has the most of the words that were found there. */
const excerpt = ({ title, words, terms: there }) => {
  const worth = (text) => new Set(wordsOf(text).flatMap(terms).filter((term) => there.has(term))).size;
  const best = (texts) => {
    const worths = texts.map(worth);
    return texts[worths.indexOf(Math.max(...worths))] ?? "";
  };
  let text = best(words.split("\n").filter((one) => !title.includes(one)));
  for (const end of [/\t/, SENTENCE]) if (text.length > LONGEST) text = best(text.split(end));
  return text.startsWith(`${title}\t`) ? text.slice(title.length + 1) : text;
};
/* Return a sentence that is too long around the first word that was found. */
const cropped = (text, there) => {
  if (text.length <= LONGEST) return text;
  const at = [...text.matchAll(WORD)].find(([word]) => matches(word, there))?.index ?? 0;
  const from = at < LONGEST / 2 ? 0 : text.indexOf(" ", at - LONGEST / 2) + 1;
  const until = from + LONGEST < text.length ? text.lastIndexOf(" ", from + LONGEST) : text.length;
  return `${from ? "… " : ""}${text.slice(from, Math.max(until, at + 1))}${until < text.length ? " …" : ""}`;
};

/* Return what has the browser point at the sentence, or at the cell between its neighbours, and unfold what it stands in.
   Where it cannot, as with descriptions of figures, it goes to the place. */
const pointer = (text, there) => {
  const coded = (words) => encodeURIComponent(words).replaceAll("-", "%2D");
  const cells = text.split("\t");
  const at = cells.findIndex((cell) => wordsOf(cell).some((word) => matches(word, there)));
  if (at < 0) return "";
  const before = at ? `${coded(cells[at - 1])}-,` : "";
  const after = at + 1 < cells.length ? `,-${coded(cells[at + 1])}` : "";
  return `:~:text=${before}${coded(cells[at])}${after}`;
};

/* The page: nothing is loaded before somebody searches. */
(() => {
  const box = globalThis.document?.querySelector(".bd-search-container");
  if (!box) return;
  const form = box.querySelector("form");
  const field = form.querySelector("input");
  const says = box.querySelector("[role=status]");
  const list = box.querySelector("#found");
  const here = document.currentScript.src;
  const name = document.title;
  const POINTS = "fragmentDirective" in document;

  const node = (tag, ...inside) => {
    const element = document.createElement(tag);
    element.append(...inside);
    return element;
  };
  const loaded = (file) =>
    new Promise((done, failed) => {
      const script = node("script");
      script.src = new URL(file, here);
      script.addEventListener("load", done);
      script.addEventListener("error", failed);
      document.head.append(script);
    });
  let search;
  const ready = () =>
    (search ??= Promise.all(["minisearch.js", "places.js"].map(loaded)).then(() => made(bookPlaces)));

  const marked = (text, there) => {
    const inside = [];
    let last = 0;
    for (const match of text.matchAll(WORD)) {
      if (!matches(match[0], there)) continue;
      inside.push(text.slice(last, match.index), node("mark", match[0]));
      last = match.index + match[0].length;
    }
    return [...inside, text.slice(last)];
  };
  const item = (hit) => {
    const link = node("a", ...marked(hit.title, hit.terms));
    const text = excerpt(hit);
    /* Rows and cards have places of their own. */
    const exact = POINTS && ["", "Figure"].includes(hit.kind) ? pointer(text, hit.terms) : "";
    link.href = `${hit.page.page}#${encodeURIComponent(hit.fragment)}${exact}`;
    if (hit.kind) link.prepend(Object.assign(node("span", `${hit.kind} `), { className: "kind" }));
    const said = cropped(text, hit.terms).replaceAll("\t", " · ");
    return node("li", link, ...(said ? [node("p", ...marked(said, hit.terms))] : []));
  };
  const group = ({ page, hits }) => {
    const link = node("a", page.title);
    link.href = page.page;
    const group = node("section", node("h2", link), node("ol", ...hits.slice(0, SHOWN).map(item)));
    const more = hits.slice(SHOWN);
    if (!more.length) return group;
    const folded = node("details", node("summary", `${more.length} more on this page`));
    folded.addEventListener("toggle", () => folded.append(node("ol", ...more.map(item))), { once: true });
    group.append(folded);
    return group;
  };
  const number = (count, thing) => `${count.toLocaleString("en")} ${thing}${count === 1 ? "" : "s"}`;

  let last;
  const show = async () => {
    const query = field.value.trim();
    if (query === last) return;
    last = query;
    document.title = query ? `${query} – ${name}` : name;
    history.replaceState(history.state, "", location.pathname + (query && `?${new URLSearchParams({ q: query })}`));
    list.removeAttribute("aria-busy");
    if (!wordsOf(query).length) {
      says.textContent = "";
      list.replaceChildren();
      return;
    }
    list.setAttribute("aria-busy", "true");
    if (!search) says.textContent = "Searching …";
    let result;
    try {
      result = found(await ready(), query);
    } catch {
      search = last = undefined;
      list.removeAttribute("aria-busy");
      says.textContent = "The search could not be loaded. Try again, or use the menu.";
      return;
    }
    if (query !== last) return;
    const { pages, all, near } = result;
    const count = pages.reduce((sum, { hits }) => sum + hits.length, 0);
    const places = `${number(count, "place")} on ${number(pages.length, "page")}`;
    says.textContent = !count
      ? `Nothing here has “${query}”. The menu leads to every page.`
      : near
        ? `Nothing here has “${query}”. Words like it: ${places}.`
        : all
          ? `${places}.`
          : `No page has all of these words. Some of them: ${places}.`;
    list.replaceChildren(...pages.map(group));
    list.removeAttribute("aria-busy");
  };
  const read = () => {
    field.value = new URLSearchParams(location.search).get("q") ?? "";
    show();
  };
  let typed;
  field.addEventListener("input", () => {
    clearTimeout(typed);
    typed = setTimeout(show, 200);
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    show();
  });
  addEventListener("pageshow", read);
})();

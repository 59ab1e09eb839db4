// What comes from Word, Outlook, a browser or a plain text: only what a letter has is taken, and numbers stay as they were.
import { Fragment, Slice } from "prosemirror-model";
import { following, isSign, markAtStart, ownMarks } from "./marks.js";
import { schema } from "./schema.js";

// Word's own signs, of fonts that a letter does not have.
const wordSigns = { "·": "•", "\u{F0B7}": "•", o: "◦", "§": "▪", "\u{F0A7}": "▪", "Ø": "•", "\u{F0D8}": "•", v: "•", q: "•", ü: "✓", "\u{F0FC}": "✓" };

const styleOf = element => (element.getAttribute("data-style") ?? "").replace(/\s+/g, " ");

/** The mark that Word has put before a paragraph of a list, and how deep the list stands; null for another paragraph. */
const wordItem = paragraph => {
  const level = /mso-list: ?[^;]*?level(\d+)/i.exec(styleOf(paragraph));
  const ignored = [...paragraph.querySelectorAll("span")].find(span => /mso-list: ?ignore/i.test(styleOf(span)));
  if (!level || !ignored) return null;
  const typed = ignored.textContent.replace(/[\s\u00A0]+/g, "");
  const mark = wordSigns[typed] ?? typed;
  ignored.remove();
  return { depth: Number(level[1]), mark: markAtStart.test(`${mark} `) ? mark : "•" };
};

const bold = /(?:^|; ?)font-weight: ?(?:bold|[6-9]00)/i;
const italic = /(?:^|; ?)font-style: ?italic/i;

const kept = new Set(["href", "title", "start", "type", "data-first", "data-loose", "data-own", "data-level", "data-align", "data-source", "data-href", "data-weight", "data-pm-slice"]);

const wrap = (element, name) => {
  const outer = element.ownerDocument.createElement(name);
  element.replaceWith(outer);
  outer.append(element);
};

/** Makes lists of what Word has as paragraphs with signs before them. */
const putIntoLists = body => {
  let open = [];
  for (const paragraph of [...body.querySelectorAll("p, h1, h2, h3, h4, h5, h6, table, div, ul, ol")]) {
    const item = paragraph.nodeName === "P" ? wordItem(paragraph) : null;
    if (!item) {
      if (!paragraph.closest("li")) open = [];
      continue;
    }
    while (open.length > 0 && open.at(-1).depth > item.depth) open.pop();
    let list = open.at(-1);
    if (!list || list.depth < item.depth) {
      const element = body.ownerDocument.createElement("ol");
      element.setAttribute("data-first", item.mark);
      if (list && list.depth < item.depth) list.last.append(element);
      else paragraph.before(element);
      list = { depth: item.depth, root: element, mark: null, last: null };
      open.push(list);
    }
    const entry = body.ownerDocument.createElement("li");
    if (list.mark !== null && following(list.mark) !== item.mark) entry.setAttribute("data-own", item.mark);
    list.root.append(entry);
    list.mark = item.mark;
    list.last = entry;
    entry.append(paragraph);
  }
};

// Even in a document that is never shown, the browser reports what the pages' policy forbids: styles and handlers come along
// under names of their own.
const inert = html =>
  html
    .replace(/<(style|script)\b[\s\S]*?<\/\1\s*>/gi, "")
    .replace(/<[a-z][^\s>]*(?:"[^"]*"|'[^']*'|[^'">])*>/gi, tag => tag.replace(/\s(style|on\w+)(?=\s*=)/gi, " data-$1"));

export const cleanHtml = html => {
  const body = new DOMParser().parseFromString(inert(html), "text/html").body;
  for (const element of body.querySelectorAll("script, style, meta, title, link, xml, del, object, img, svg, video, audio, iframe, input, button, select, textarea")) element.remove();
  putIntoLists(body);
  // A letter's tables have no merged cells: what spans several has empty ones behind it.
  for (const cell of body.querySelectorAll("td[colspan], th[colspan]"))
    for (let place = 1; place < Math.min(Number(cell.getAttribute("colspan")), 20); place++) cell.after(cell.cloneNode(false));
  for (const element of [...body.querySelectorAll("*")]) {
    const style = styleOf(element);
    // What Word holds as struck out is not in the text any more.
    if (/mso-hide: ?all|display: ?none/i.test(style)) {
      element.remove();
      continue;
    }
    if (element.nodeName === "B" && /(?:^|; ?)font-weight: ?(?:normal|400)/i.test(style)) element.setAttribute("data-weight", "normal");
    if (element.nodeName === "SPAN" && !element.hasAttribute("data-source")) {
      if (bold.test(style)) wrap(element, "strong");
      if (italic.test(style)) wrap(element, "em");
    }
    for (const { name } of [...element.attributes])
      if (!kept.has(name)) element.removeAttribute(name);
  }
  // An empty paragraph is space, which the letter makes by itself.
  for (const paragraph of [...body.querySelectorAll("p")])
    if (!/[^\s\u00A0]/.test(paragraph.textContent) && !paragraph.closest("td, th, li") && !paragraph.querySelector("[data-source]")) paragraph.remove();
  return body.innerHTML;
};

const fieldOrText = text =>
  text.split(/(\{\{[^{}]*\}\})/).filter(piece => piece).map(piece => piece.startsWith("{{") && piece.endsWith("}}") ? schema.nodes.field.create({ source: piece }) : schema.text(piece));

/** A letter's fields are shown as what they mean, wherever their text comes from. */
export const withFields = fragment => {
  const nodes = [];
  fragment.forEach(node => {
    if (node.isText && node.text.includes("{{"))
      nodes.push(...fieldOrText(node.text).map(piece => piece.mark(node.marks)));
    else nodes.push(node.isText ? node : node.copy(withFields(node.content)));
  });
  return Fragment.from(nodes);
};

const paragraphOf = lines =>
  schema.nodes.paragraph.create(null, lines.flatMap((line, place) => [...(place > 0 ? [schema.nodes.hard_break.create()] : []), ...(line ? [schema.text(line)] : [])]));

const listOf = items => {
  const own = ownMarks(items.map(item => item.mark));
  return schema.nodes.list.create(
    { first: items[0].mark, loose: items.some(item => item.apart) },
    items.map((item, place) => schema.nodes.item.create({ own: own[place] }, paragraphOf(item.lines))));
};

/** A plain text: blank lines end paragraphs, and marks at the start of two lines or more make a list. */
export const plainText = text => {
  const blocks = [];
  let lines = [];
  let items = [];
  let blank = false;
  const end = () => {
    if (items.length > 1 || (items.length === 1 && isSign(items[0].mark))) blocks.push(listOf(items));
    else if (items.length === 1) blocks.push(paragraphOf([`${items[0].mark} ${items[0].lines[0]}`, ...items[0].lines.slice(1)]));
    if (lines.length > 0) blocks.push(paragraphOf(lines));
    lines = [];
    items = [];
  };
  for (const line of text.replace(/\r\n?/g, "\n").split("\n").map(line => line.trim())) {
    const found = markAtStart.exec(line);
    if (!line) {
      if (lines.length > 0) end();
    } else if (found) {
      if (lines.length > 0) end();
      if (items.length > 0) items.at(-1).apart = blank;
      items.push({ mark: found[1], lines: [found[2]] });
    } else if (items.length > 0 && !blank) {
      items.at(-1).lines.push(line);
    } else {
      if (items.length > 0) end();
      lines.push(line);
    }
    blank = !line;
  }
  end();
  return new Slice(Fragment.from(blocks.length > 0 ? blocks : [schema.nodes.paragraph.create()]), 1, 1);
};

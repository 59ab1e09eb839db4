// What a letter's text has, and how it stands in the page. EditorNode.cs names the same.
import { Schema } from "prosemirror-model";
import { tableNodes } from "prosemirror-tables";
import { marksOf, ownMarks } from "./marks.js";

/** What fields mean, by their source: set when the page is read. */
export const meanings = new Map();

const spaceless = source => source.replace(/\s+/g, "");

/** How a field is called: what it means, or itself where nobody knows. */
const meaningOf = source => meanings.get(spaceless(source)) ?? source;

export const addMeaning = (source, meaning) => meanings.set(spaceless(source), meaning);

const listOf = element => {
  const first = element.getAttribute("data-first");
  const start = Number(element.getAttribute("start") ?? 1) || 1;
  const type = element.getAttribute("type");
  return {
    first: first ?? (element.nodeName === "UL" ? "•" : type === "a" ? "(a)" : type === "i" ? "(i)" : type === "A" ? "A." : type === "I" ? "I." : `${start}.`),
    loose: element.getAttribute("data-loose") === "true",
  };
};

export const isSafe = address => /^(?:https?|mailto):/i.test(address);

const tables = tableNodes({
  tableGroup: "block",
  cellContent: "paragraph",
  cellAttributes: {
    align: {
      default: null,
      getFromDOM: cell => cell.getAttribute("data-align"),
      setDOMAttr: (align, attributes) => { if (align) attributes["data-align"] = align; },
    },
  },
});

export const schema = new Schema({
  nodes: {
    doc: { content: "block+" },
    paragraph: { group: "block", content: "inline*", parseDOM: [{ tag: "p" }], toDOM: () => ["p", 0] },
    heading: {
      group: "block",
      content: "inline*",
      defining: true,
      attrs: { level: { default: 2 } },
      parseDOM: [1, 2, 3, 4, 5, 6].map(level => ({ tag: `h${level}`, getAttrs: element => ({ level: Number(element.getAttribute("data-level")) || Math.max(level, 2) }) })),
      // One below the page's own.
      toDOM: node => [`h${Math.min(node.attrs.level + 1, 6)}`, { "data-level": node.attrs.level }, 0],
    },
    quotation: { group: "block", content: "block+", defining: true, parseDOM: [{ tag: "blockquote" }], toDOM: () => ["blockquote", 0] },
    rule: { group: "block", parseDOM: [{ tag: "hr" }], toDOM: () => ["hr"] },
    list: {
      group: "block",
      content: "item+",
      attrs: { first: { default: "1." }, loose: { default: false } },
      parseDOM: [{ tag: "ol", getAttrs: listOf }, { tag: "ul", getAttrs: listOf }],
      toDOM: node => ["ol", { "data-first": node.attrs.first, "data-loose": String(node.attrs.loose), start: /^\d+/.exec(node.attrs.first)?.[0] ?? null }, 0],
    },
    item: {
      content: "block+",
      defining: true,
      attrs: { own: { default: null } },
      parseDOM: [{ tag: "li", getAttrs: element => ({ own: element.getAttribute("data-own") }) }],
      toDOM: node => ["li", { "data-own": node.attrs.own }, 0],
    },
    ...tables,
    text: { group: "inline" },
    hard_break: { group: "inline", inline: true, selectable: false, parseDOM: [{ tag: "br" }], toDOM: () => ["br"], leafText: () => "\n" },
    field: {
      group: "inline",
      inline: true,
      atom: true,
      attrs: { source: {} },
      parseDOM: [{ tag: "span[data-source]", getAttrs: element => ({ source: element.getAttribute("data-source") }) }],
      toDOM: node => ["span", { class: "field-chip", "data-source": node.attrs.source, title: node.attrs.source }, meaningOf(node.attrs.source)],
      leafText: node => node.attrs.source,
    },
  },
  marks: {
    link: {
      attrs: { href: {}, title: { default: null } },
      inclusive: false,
      parseDOM: [
        {
          tag: "a[href]",
          getAttrs: element => isSafe(element.getAttribute("href")) && { href: element.getAttribute("href"), title: element.getAttribute("title") },
        },
        { tag: "a[data-href]", getAttrs: element => ({ href: element.getAttribute("data-href"), title: element.getAttribute("title") }) },
      ],
      // An address that no letter may have is found by the check; until then nobody follows it.
      toDOM: mark => ["a", { [isSafe(mark.attrs.href) ? "href" : "data-href"]: mark.attrs.href, title: mark.attrs.title }, 0],
    },
    strong: {
      parseDOM: [
        { tag: "strong" },
        // A copy of Google Docs has everything within one that is not bold.
        { tag: "b", getAttrs: element => element.getAttribute("data-weight") !== "normal" && null },
      ],
      toDOM: () => ["strong", 0],
    },
    em: { parseDOM: [{ tag: "i" }, { tag: "em" }], toDOM: () => ["em", 0] },
  },
});

const attributes = (node, attrs) => {
  const said = Object.fromEntries(Object.entries(attrs).filter(([, value]) => value !== null && value !== undefined));
  return Object.keys(said).length > 0 ? { ...node, attrs: said } : (({ attrs: _, ...rest }) => rest)(node);
};

/** A document as the service writes it, in which each item says its mark. */
export const fromService = node => {
  const content = node.content?.map(fromService);
  if (node.type !== "list") return content ? { ...node, content } : node;
  const own = ownMarks(content.map(item => item.attrs.mark));
  return {
    type: "list",
    attrs: { loose: node.attrs.loose, first: content[0].attrs.mark },
    content: content.map((item, place) => ({ ...item, attrs: { own: own[place] } })),
  };
};

export const forService = node => {
  const content = node.content?.map(forService);
  switch (node.type) {
    case "list": {
      const marks = marksOf(node.attrs.first, content.map(item => item.own));
      return { type: "list", attrs: { loose: node.attrs.loose }, content: content.map(({ own: _, ...item }, place) => ({ ...item, attrs: { mark: marks[place] } })) };
    }
    // Its list gives it its mark.
    case "item": return { type: "item", own: node.attrs.own, content };
    case "table_cell":
    case "table_header": return attributes({ type: node.type, content }, { align: node.attrs.align });
    default: {
      const marks = node.marks?.map(mark => attributes(mark, mark.attrs ?? {}));
      const plain = { ...node, ...(content && { content }), ...(marks && { marks }) };
      return node.attrs ? attributes(plain, node.attrs) : plain;
    }
  }
};

/** The marks of the items of a list. */
export const marksIn = list => {
  const own = [];
  list.forEach(item => own.push(item.attrs.own));
  return marksOf(list.attrs.first, own);
};


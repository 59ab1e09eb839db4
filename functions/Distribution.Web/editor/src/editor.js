// Takes the place of the text areas of a letter: the letter as it prints, instead of its notation. The service reads a text
// into a document, and writes the document again; without this script the text area does the same.
import { baseKeymap } from "prosemirror-commands";
import { history, redo, undo } from "prosemirror-history";
import { InputRule, inputRules, undoInputRule } from "prosemirror-inputrules";
import { keymap } from "prosemirror-keymap";
import { Node, Slice } from "prosemirror-model";
import { splitListItem } from "prosemirror-schema-list";
import { EditorState, Plugin, TextSelection } from "prosemirror-state";
import { findWrapping } from "prosemirror-transform";
import { tableEditing } from "prosemirror-tables";
import { Decoration, DecorationSet, EditorView } from "prosemirror-view";
import { around, back, breakLine, further, isEmpty, nextCell, stress } from "./commands.js";
import { following, typedMark } from "./marks.js";
import { cleanHtml, plainText, withFields } from "./paste.js";
import { addMeaning, forService, fromService, marksIn, schema } from "./schema.js";
import { toolbar } from "./toolbar.js";

// How long a request may take, in milliseconds.
const patience = 20000;

const { heading, item, list, paragraph, quotation, table } = schema.nodes;

/** Numbers and signs stand beside their items. */
const marks = new Plugin({
  state: {
    init: (_, { doc }) => marksOfAll(doc),
    apply: (transaction, shown) => (transaction.docChanged ? marksOfAll(transaction.doc) : shown),
  },
  props: { decorations(state) { return this.getState(state); } },
});

const marksOfAll = doc => {
  const shown = [];
  doc.descendants((node, place) => {
    if (node.type === list) {
      const texts = marksIn(node);
      node.forEach((entry, offset, index) => shown.push(Decoration.node(place + 1 + offset, place + 1 + offset + entry.nodeSize, { "data-mark": texts[index] })));
    }
    return !node.isTextblock;
  });
  return DecorationSet.create(doc, shown);
};

/** A mark and a space at the start of a paragraph make an item of it; at the start of an item they are its mark. */
const markRule = new InputRule(typedMark, (state, match, start, end) => {
  const { $from } = state.selection;
  if ($from.parent.type !== paragraph || around(state, table)) return null;
  const transaction = state.tr.delete(start, end);
  const entry = around(state, item);
  if (entry && $from.depth === entry.depth + 1) {
    if ($from.index(entry.depth) > 0) return null;
    const parent = around(state, list);
    return $from.index(entry.depth - 1) === 0
      ? transaction.setNodeMarkup(parent.place, null, { ...parent.node.attrs, first: match[1] })
      : transaction.setNodeMarkup(entry.place, null, { own: match[1] });
  }

  const range = transaction.doc.resolve(start).blockRange();
  const wrapping = range && findWrapping(range, list, { first: match[1] });
  if (!wrapping) return null;
  transaction.wrap(range, wrapping);
  // The next number goes on with the list above it.
  const place = transaction.doc.resolve(start).start() - 1;
  const before = transaction.doc.resolve(place).nodeBefore;
  if (before?.type === list && following(marksIn(before).at(-1)) === match[1]) transaction.join(place);
  return transaction;
});

const blockRule = (pattern, make) => new InputRule(pattern, (state, match, start, end) =>
  state.selection.$from.parent.type === paragraph && !around(state, table) ? make(state.tr.delete(start, end), start, match) : null);

const rules = inputRules({
  rules: [
    markRule,
    blockRule(/^>\s$/, (transaction, start) => {
      const range = transaction.doc.resolve(start).blockRange();
      const wrapping = range && findWrapping(range, quotation);
      return wrapping ? transaction.wrap(range, wrapping) : null;
    }),
    blockRule(/^(#{1,3})\s$/, (transaction, start, match) => transaction.setBlockType(start, start, heading, { level: Math.max(match[1].length, 2) })),
    new InputRule(/\{\{[^{}]*\}\}$/, (state, match, start, end) => state.tr.replaceWith(start, end, schema.nodes.field.create({ source: match[0] }))),
  ],
});

const keys = {
  "Mod-b": stress(schema.marks.strong),
  "Mod-i": stress(schema.marks.em),
  "Mod-z": undo,
  "Mod-y": redo,
  "Shift-Mod-z": redo,
  "Mod-]": further,
  "Mod-[": back,
  "Shift-Enter": breakLine,
  Enter: splitListItem(item, { own: null }),
  Backspace: undoInputRule,
  ArrowLeft: nextCell("left"),
  ArrowRight: nextCell("right"),
};

const stateOf = document => EditorState.create({
  doc: document,
  plugins: [keymap(keys), keymap(baseKeymap), rules, history(), tableEditing(), marks],
});

/** The editor that a phrase goes into: the one that was written in last, or the letter's own. */
let latest = null;

const start = area => {
  let document;
  const read = json => {
    const made = Node.fromJSON(schema, fromService(JSON.parse(json)));
    made.check();
    return made;
  };
  try {
    document = read(area.dataset.document);
  } catch (fault) {
    // The text area stays, and does the same.
    console.error(fault);
    return;
  }

  let opened = document;
  const label = area.form.querySelector(`label[for="${CSS.escape(area.id)}"]`);
  label.id ||= `${area.id}-label`;
  const frame = area.ownerDocument.createElement("div");
  frame.className = "editor";
  area.before(frame);
  area.hidden = true;

  const direction = () => ({ lang: area.lang, dir: area.lang === "ar" ? "rtl" : "ltr" });
  const view = new EditorView(frame, {
    state: stateOf(document),
    attributes: state => ({
      id: `${area.id}-editor`,
      role: "textbox",
      "aria-multiline": "true",
      "aria-labelledby": label.id,
      ...(area.getAttribute("aria-describedby") && { "aria-describedby": area.getAttribute("aria-describedby") }),
      "data-placeholder": area.placeholder,
      class: isEmpty(state.doc) ? "untyped" : "",
      spellcheck: "true",
      ...direction(),
    }),
    transformPastedHTML: cleanHtml,
    transformPasted: slice => new Slice(withFields(slice.content), slice.openStart, slice.openEnd),
    clipboardTextParser: plainText,
    dispatchTransaction(transaction) {
      view.updateState(view.state.apply(transaction));
      tools.renew();
      if (transaction.docChanged) area.dispatchEvent(new Event("input", { bubbles: true }));
    },
  });
  view.dom.addEventListener("focus", () => { latest = { view, read }; });
  if (area.name === "text") latest = { view, read };
  const tools = toolbar(view, area);
  frame.prepend(tools.element);

  label.addEventListener("click", () => view.focus());
  // What is not changed leaves as it was typed.
  area.form.addEventListener("formdata", event => {
    if (!view.state.doc.eq(opened)) event.formData.set(`${area.name}.document`, JSON.stringify(forService(view.state.doc.toJSON())));
  });
  // What was typed before a press that did not get through.
  area.addEventListener("typed", event => {
    const typed = read(event.detail);
    opened = document;
    view.updateState(stateOf(typed));
    tools.renew();
  });
  area.form.elements.language?.addEventListener("change", event => {
    if (area.name !== "text") return;
    area.lang = event.target.value || "en";
    view.setProps({});
  });
  // A link to the text, as from a fault.
  addEventListener("hashchange", () => { if (location.hash === `#${area.id}`) view.focus(); });
  if (location.hash === `#${area.id}`) view.focus();
  if (globalThis.document.activeElement === area) {
    view.focus();
    view.dispatch(view.state.tr.setSelection(TextSelection.atStart(view.state.doc)));
  }
};

for (const [source, meaning] of JSON.parse(document.getElementById("keep")?.dataset.fields ?? "[]")) addMeaning(source, meaning);
for (const area of document.querySelectorAll("textarea[data-document]")) start(area);
// The caret says which text is meant.
const phraseInto = document.getElementById("phrase-into");
if (latest && phraseInto) phraseInto.hidden = true;

// A phrase goes where the caret is. Where it cannot, the service puts it at the end.
const putPhrase = document.getElementById("put-phrase");
putPhrase?.addEventListener("click", async event => {
  const chosen = putPhrase.form.elements.phrase.value;
  if (!latest || !chosen) return;
  event.preventDefault();
  try {
    const answer = await fetch(putPhrase.dataset.phrase.replace("{id}", chosen), { redirect: "manual", signal: AbortSignal.timeout(patience) });
    if (!answer.ok) throw new Error(`The phrase cannot be put in: ${answer.status}`);
    const { view, read } = latest;
    const { content } = read(await answer.text());
    // Sentences go on with the paragraph they are put into.
    let open = 1;
    content.forEach(block => { if (block.type !== paragraph) open = 0; });
    view.dispatch(view.state.tr.replaceSelection(new Slice(content, open, open)).scrollIntoView());
    view.focus();
  } catch (fault) {
    console.error(fault);
    putPhrase.form.requestSubmit(putPhrase);
  }
});

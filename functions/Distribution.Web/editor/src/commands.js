// What the toolbar and the keyboard do.
import { lift, setBlockType, toggleMark, wrapIn } from "prosemirror-commands";
import { Fragment } from "prosemirror-model";
import { liftListItem, sinkListItem, wrapInList } from "prosemirror-schema-list";
import { TextSelection } from "prosemirror-state";
import { goToNextCell } from "prosemirror-tables";
import { isSafe, schema } from "./schema.js";

const { doc, field, hard_break, heading, item, list, paragraph, quotation, rule, table, table_cell, table_header, table_row } = schema.nodes;

/** The innermost node of a type around the selection, with its place; null for none. */
export const around = (state, type) => {
  const { $from } = state.selection;
  for (let depth = $from.depth; depth > 0; depth--)
    if ($from.node(depth).type === type) return { node: $from.node(depth), place: $from.before(depth), depth };
  return null;
};

export const isMarked = (state, type) => {
  const { from, to, empty, $from } = state.selection;
  return empty ? Boolean(type.isInSet(state.storedMarks ?? $from.marks())) : state.doc.rangeHasMark(from, to, type);
};

const isLetter = text => /[\p{L}\p{Nd}]/u.test(text);

/** Stars stress words at their edges only, so what is bold or in italics is made of whole words. */
const wholeWords = state => {
  const { $from, $to } = state.selection;
  let { from, to } = state.selection;
  const sign = place => place < 0 || place >= state.doc.content.size ? "" : state.doc.textBetween(place, place + 1, "\n", "\n");
  const isCjk = text => /[\u2E80-\uFFEF]/.test(text);
  const within = place => isLetter(sign(place - 1)) && isLetter(sign(place)) && !isCjk(sign(place - 1)) && !isCjk(sign(place));
  while (from > $from.start() && within(from)) from--;
  while (to < $to.end() && within(to)) to++;
  return { from, to };
};

export const stress = type => (state, dispatch) => {
  if (state.selection.empty || !(state.selection instanceof TextSelection)) return toggleMark(type)(state, dispatch);
  if (!dispatch) return true;
  const { from, to } = wholeWords(state);
  dispatch((state.doc.rangeHasMark(from, to, type) ? state.tr.removeMark(from, to, type) : state.tr.addMark(from, to, type.create())).scrollIntoView());
  return true;
};

/** Makes a list of the paragraphs, or counts the list in another way; null takes the paragraphs out of it. */
export const listAs = first => (state, dispatch) => {
  const found = around(state, list);
  if (first === null) return found ? liftListItem(item)(state, dispatch) : false;
  if (!found) return wrapInList(list, { first })(state, dispatch);
  if (dispatch) {
    const transaction = state.tr.setNodeMarkup(found.place, null, { ...found.node.attrs, first });
    found.node.forEach((entry, offset) => {
      if (entry.attrs.own) transaction.setNodeMarkup(found.place + 1 + offset, null, { own: null });
    });
    dispatch(transaction);
  }
  return true;
};

export const loosen = (state, dispatch) => {
  const found = around(state, list);
  if (!found || found.node.childCount < 2) return false;
  dispatch?.(state.tr.setNodeMarkup(found.place, null, { ...found.node.attrs, loose: !found.node.attrs.loose }));
  return true;
};

/** Within a list another one counts in another way, as letters do. */
const below = first =>
  /\p{Nd}/u.test(first) ? "(a)" : /^\P{L}*[iI]\P{L}*$/u.test(first) ? "–" : /\p{L}/u.test(first) ? "(i)" : first === "–" ? "•" : "–";

export const further = (state, dispatch) => sinkListItem(item)(state, dispatch && (transaction => {
  const inner = around(transaction, list);
  const isNew = inner.node.childCount === 1;
  if (isNew) transaction.setNodeMarkup(inner.place, null, { ...inner.node.attrs, first: below(around(state, list).node.attrs.first) });
  dispatch(transaction);
}));

export const back = liftListItem(item);

export const toggleHeading = (state, dispatch) =>
  setBlockType(around(state, heading) ? paragraph : heading, around(state, heading) ? null : { level: 2 })(state, dispatch);

export const toggleQuotation = (state, dispatch) => (around(state, quotation) ? lift : wrapIn(quotation))(state, dispatch);

export const insertRule = (state, dispatch) => {
  dispatch?.(state.tr.replaceSelectionWith(rule.create()).scrollIntoView());
  return true;
};

const mayStand = (state, type) => {
  const { $from } = state.selection;
  for (let depth = $from.depth; depth >= 0; depth--) {
    const index = $from.index(depth);
    if ($from.node(depth).canReplaceWith(index, index, type)) return true;
  }
  return false;
};

export const insertTable = (state, dispatch) => {
  if (around(state, table) || !mayStand(state, table)) return false;
  if (dispatch) {
    const row = type => table_row.create(null, [0, 1, 2].map(() => type.createAndFill()));
    const made = table.create(null, [row(table_header), row(table_cell), row(table_cell)]);
    // Something must follow, or nobody could write on below it.
    const { $from } = state.selection;
    const isLast = $from.depth === 1 && $from.indexAfter(0) === state.doc.childCount;
    const empty = $from.parent.type === paragraph && $from.parent.content.size === 0;
    const [from, to] = empty ? [$from.before(), $from.after()] : [$from.after(), $from.after()];
    const transaction = state.tr.replaceWith(from, to, isLast ? Fragment.from([made, paragraph.create()]) : made);
    dispatch(transaction.setSelection(TextSelection.near(transaction.doc.resolve(from + 3))).scrollIntoView());
  }
  return true;
};

/** The arrows go from cell to cell by the way a text runs: in Arabic to the left. */
export const nextCell = side => (state, dispatch, view) =>
  view.dom.dir === "rtl" && state.selection.empty && around(state, table) !== null && view.endOfTextblock(side)
    ? goToNextCell(side === "left" ? 1 : -1)(state, dispatch)
    : false;

export const insertField = source => (state, dispatch) => {
  if (!mayStand(state, field)) return false;
  dispatch?.(state.tr.replaceSelectionWith(field.create({ source }), true).scrollIntoView());
  return true;
};

const { link } = schema.marks;

/** The link at the selection and how far it goes; the selection itself and null where there is none. */
export const linkAt = state => {
  const { $from, from, to, empty } = state.selection;
  let mark = null;
  if (!empty) {
    state.doc.nodesBetween(from, to, node => { mark ??= link.isInSet(node.marks) ?? null; });
    return { from, to, mark };
  }
  let begin = 0;
  let end = 0;
  $from.parent.forEach((node, offset) => {
    const own = link.isInSet(node.marks) ?? null;
    if (own === null || mark === null || !own.eq(mark) || end !== offset) {
      if (mark !== null && begin <= $from.parentOffset && $from.parentOffset <= end) return;
      [mark, begin] = [own, offset];
    }
    end = offset + node.nodeSize;
  });
  return mark !== null && begin <= $from.parentOffset && $from.parentOffset <= end
    ? { from: $from.start() + begin, to: $from.start() + end, mark }
    : { from, to, mark: null };
};

/** Leads the selection, or the link it is in, to an address; an empty one takes the link out. */
export const setLink = href => (state, dispatch) => {
  const { from, to, mark } = linkAt(state);
  if (from === to && !href) return false;
  const transaction = state.tr;
  if (from === to) transaction.replaceSelectionWith(schema.text(href.replace(/^(?:https:\/\/|mailto:)/i, ""), [link.create({ href }), ...state.selection.$from.marks()]), false);
  else {
    transaction.removeMark(from, to, link);
    if (href) transaction.addMark(from, to, link.create({ href, title: mark?.attrs.title ?? null }));
  }
  dispatch?.(transaction.scrollIntoView());
  return true;
};

/** What somebody means who types an address; null where it is none. */
export const addressOf = typed => {
  const address = typed.trim();
  if (/\s/.test(address)) return null;
  if (address === "" || isSafe(address)) return address;
  if (/^[^@:/]+@[^@:/]+\.[^@:/]+$/.test(address)) return `mailto:${address}`;
  return /^[a-z][a-z0-9+.-]*:(?!\d)/i.test(address) || !/^[^.]+\..+/.test(address) ? null : `https://${address}`;
};

/** A new line within a paragraph; a cell of a table has one line only. */
export const breakLine = (state, dispatch) => {
  if (around(state, table) || around(state, heading)) return false;
  dispatch?.(state.tr.replaceSelectionWith(hard_break.create()).scrollIntoView());
  return true;
};

export const isEmpty = node => node.type === doc && node.childCount === 1 && node.firstChild.type === paragraph && node.firstChild.content.size === 0;

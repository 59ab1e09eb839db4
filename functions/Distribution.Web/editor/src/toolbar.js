// The buttons above a text. The arrows go from one to the next, Tab goes on to the text.
import { redo, undo } from "prosemirror-history";
import { addColumnAfter, addRowAfter, deleteColumn, deleteRow, deleteTable } from "prosemirror-tables";
import { addressOf, around, back, further, insertField, insertRule, insertTable, isMarked, linkAt, listAs, loosen, setLink, stress, toggleHeading, toggleQuotation } from "./commands.js";
import { marksIn, meanings, schema } from "./schema.js";

const { heading, list, quotation, table } = schema.nodes;
const { em, strong } = schema.marks;

const schemes = { ar: ["١."], ru: ["а)"], fr: ["1°"], es: ["1.-"] };

const usualSchemes = ["1.", "1)", "(a)", "a)", "(i)", "A.", "I.", "•", "–"];

// What the buttons are called in the page's language stands with the form.
const words = name => document.getElementById("keep").dataset[`say${name}`];

export const toolbar = (view, area) => {
  const element = document.createElement("div");
  element.className = "editor-tools";
  element.setAttribute("role", "toolbar");
  element.setAttribute("aria-label", area.dataset.tools);
  element.setAttribute("aria-controls", view.dom.id);
  const tools = [];

  const act = command => {
    command(view.state, view.dispatch, view);
    view.focus();
  };

  const button = (words, command, { pressed, shown } = {}) => {
    const made = document.createElement("button");
    made.type = "button";
    made.className = "tool";
    made.textContent = words;
    // A press with the mouse leaves the selection where it is.
    made.addEventListener("mousedown", event => event.preventDefault());
    made.addEventListener("click", () => act(command));
    element.append(made);
    tools.push({ made, command, pressed, shown });
    return made;
  };

  // A sign is a picture of what its name says.
  const sign = (shown, name, ...rest) => {
    const made = button("", ...rest);
    made.dataset.sign = shown;
    made.setAttribute("aria-label", name);
    made.title = name;
    return made;
  };

  sign("B", words("Bold"), stress(strong), { pressed: state => isMarked(state, strong) }).classList.add("tool-bold");
  sign("I", words("Italics"), stress(em), { pressed: state => isMarked(state, em) }).classList.add("tool-italics");

  const lists = document.createElement("select");
  lists.setAttribute("aria-label", words("List"));
  lists.className = "tool";
  const option = (value, words) => {
    const made = document.createElement("option");
    made.value = value;
    made.textContent = words;
    lists.append(made);
    return made;
  };
  option("", words("NoList"));
  for (const scheme of [...(schemes[area.lang] ?? []), ...usualSchemes]) option(scheme, `${scheme} …`);
  const own = option("own", "");
  lists.addEventListener("change", () => {
    listAs(lists.value || null)(view.state, view.dispatch);
    renew();
  });
  element.append(lists);
  tools.push({ made: lists });

  const inList = state => around(state, list) !== null;
  const inTable = state => around(state, table) !== null;
  // The arrows point where the item goes, in the direction the text is read.
  const [outward, inward] = view.dom.dir === "rtl" ? ["→", "←"] : ["←", "→"];
  sign(outward, words("BackOut"), back, { shown: inList });
  sign(inward, words("Further"), further, { shown: inList });
  sign("↕", words("Loose"), loosen, { shown: inList, pressed: state => around(state, list)?.node.attrs.loose === true });
  sign("“ ”", words("Quotation"), toggleQuotation, { pressed: state => around(state, quotation) !== null });
  sign("H", words("Heading"), toggleHeading, { pressed: state => around(state, heading) !== null });
  sign("―", words("Line"), insertRule);
  button(words("Table"), insertTable, { shown: state => !inTable(state) });
  button(words("AddRow"), addRowAfter, { shown: inTable });
  button(words("AddColumn"), addColumnAfter, { shown: inTable });
  button(words("DeleteRow"), deleteRow, { shown: inTable });
  button(words("DeleteColumn"), deleteColumn, { shown: inTable });
  button(words("DeleteTable"), deleteTable, { shown: inTable });

  // An address is asked for beside the text.
  const leads = document.createElement("div");
  leads.className = "field-list link-address";
  leads.id = `${area.id}-link`;
  leads.popover = "auto";
  leads.setAttribute("role", "dialog");
  leads.setAttribute("aria-label", words("Link"));
  const address = document.createElement("input");
  address.type = "text";
  address.inputMode = "url";
  address.dir = "ltr";
  address.autocomplete = "off";
  address.setAttribute("aria-label", words("Address"));
  address.placeholder = "https://";
  // It is no field of the letter.
  address.setAttribute("form", "");
  address.addEventListener("input", event => {
    event.stopPropagation();
    address.setCustomValidity("");
  });
  const lead = () => {
    const href = addressOf(address.value);
    if (href === null) {
      address.setCustomValidity(words("NoAddress"));
      address.reportValidity();
      return;
    }
    leads.hidePopover();
    act(setLink(href));
  };
  address.addEventListener("keydown", event => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    lead();
  });
  const choice = (name, press) => {
    const made = document.createElement("button");
    made.type = "button";
    made.className = "second";
    made.textContent = words(name);
    made.addEventListener("click", press);
    return made;
  };
  const unlink = choice("Unlink", () => {
    leads.hidePopover();
    act(setLink(""));
  });
  leads.append(address, choice("SetLink", lead), unlink);
  const askForLink = () => {
    const { mark } = linkAt(view.state);
    address.value = mark?.attrs.href ?? "";
    address.setCustomValidity("");
    unlink.hidden = mark === null;
    leads.showPopover();
    address.focus();
    address.select();
  };
  if ("showPopover" in leads) {
    const open = button(words("Link"), () => {}, { pressed: state => linkAt(state).mark !== null });
    open.title = words("LinkMeaning");
    open.setAttribute("aria-haspopup", "dialog");
    open.addEventListener("click", askForLink);
    view.dom.addEventListener("keydown", event => {
      if (!(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey || event.key.toLowerCase() !== "k") return;
      event.preventDefault();
      askForLink();
    });
    element.append(leads);
  }

  // A list of what the letter knows, with what each means.
  const fields = document.createElement("div");
  fields.className = "field-list";
  fields.id = `${area.id}-fields`;
  fields.popover = "auto";
  fields.setAttribute("role", "dialog");
  fields.setAttribute("aria-label", words("Fields"));
  for (const [source, meaning] of JSON.parse(document.getElementById("keep").dataset.fields)) {
    const made = document.createElement("button");
    made.type = "button";
    made.className = "second";
    made.textContent = meaning;
    made.addEventListener("click", () => {
      fields.hidePopover();
      act(insertField(source));
    });
    fields.append(made);
  }
  if (meanings.size > 0 && "showPopover" in fields) {
    const open = button(words("Field"), () => {});
    open.title = words("FieldMeaning");
    open.setAttribute("aria-haspopup", "dialog");
    open.addEventListener("click", () => {
      fields.showPopover();
      fields.querySelector("button").focus();
    });
    element.append(fields);
  }

  sign("↶", words("Undo"), undo).classList.add("tool-turns");
  sign("↷", words("Redo"), redo).classList.add("tool-turns");

  const reachable = () => tools.filter(tool => !tool.made.hidden).map(tool => tool.made);
  const goTo = made => {
    for (const tool of tools) tool.made.tabIndex = tool.made === made ? 0 : -1;
  };
  element.addEventListener("keydown", event => {
    const all = reachable();
    const place = all.indexOf(event.target);
    if (place < 0) return;
    const step = getComputedStyle(element).direction === "rtl" ? -1 : 1;
    const next = { ArrowRight: place + step, ArrowLeft: place - step, Home: 0, End: all.length - 1 }[event.key];
    if (next === undefined) return;
    event.preventDefault();
    const to = all[(next + all.length) % all.length];
    goTo(to);
    to.focus();
  });
  element.addEventListener("focusin", event => { if (tools.some(tool => tool.made === event.target)) goTo(event.target); });

  const renew = () => {
    const { state } = view;
    for (const { made, pressed, shown } of tools) {
      if (pressed) made.setAttribute("aria-pressed", String(pressed(state)));
      if (shown) made.hidden = !shown(state);
    }
    const found = around(state, list);
    const first = found ? marksIn(found.node)[0] : "";
    const known = [...lists.options].some(one => one !== own && one.value === first);
    own.hidden = own.disabled = known;
    own.textContent = known ? "" : `${first} …`;
    lists.value = known ? first : "own";
    if (!reachable().some(made => made.tabIndex === 0)) goTo(reachable()[0]);
  };

  goTo(tools[0].made);
  renew();
  return { element, renew };
};

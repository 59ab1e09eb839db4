// The numbers and signs of lists, as ItemMark.cs knows them: text, which follows the one before or stands for itself.

// In the order of lists; Arabic as its letters count.
const alphabets = [
  "abcdefghijklmnopqrstuvwxyz",
  "ABCDEFGHIJKLMNOPQRSTUVWXYZ",
  "абвгдежзиклмнопрстуфхцчшщэюя",
  "АБВГДЕЖЗИКЛМНОПРСТУФХЦЧШЩЭЮЯ",
  "أبجدهوزحطيكلمنسعفصقرشتثخذضظغ",
];

export const signs = "[-–—*•·◦‣▪▫●○■□►➢✓⁃]";

const numbered = String.raw`\((?:\p{Nd}{1,3}|\p{L}{1,2}|[ivxl]{1,6}|[IVXL]{1,6})\)|\p{Nd}{1,3}(?:\.\p{Nd}{1,3})+[.)]?|\p{Nd}{1,3}(?:\.[-º]|[.)]|[ \u00A0\u202F]?°|º)|(?:\p{L}|[ivxl]{1,6}|[IVXL]{1,6})[.)]`;

/** The mark at the start of a text: with what follows it as a second group. */
export const markAtStart = new RegExp(`^(${signs}|${numbered})\\s+(.*)$`, "su");

/** A mark with the space that was typed behind it. Capital letters with a dot are initials, but for the first ones. */
export const typedMark = new RegExp(`^(?![B-HJ-Z]\\. )(${signs}|${numbered})\\s$`, "u");

export const isSign = mark => new RegExp(`^${signs}$`, "u").test(mark);

const values = [["x", 10], ["ix", 9], ["v", 5], ["iv", 4], ["i", 1]];

const roman = number => {
  let left = number;
  let text = "";
  for (const [letters, value] of [["l", 50], ["xl", 40], ...values])
    while (left >= value) {
      text += letters;
      left -= value;
    }
  return text;
};

const romanValue = letters => {
  for (let number = 1; number < 90; number++) if (roman(number) === letters) return number;
  return 0;
};

const lettersOf = mark => /^\P{L}*(\p{L}+)\P{L}*$/u.exec(mark)?.[1] ?? "";

/** Whether a mark that does not go on from the one before it counts in Roman numbers: a single letter, where those before it do. */
const countsInRoman = (mark, before = false) => {
  const letters = lettersOf(mark);
  return romanValue(letters.toLowerCase()) > 0 && (before || letters.length > 1 || /^i$/i.test(letters));
};

// The digits of the six languages and their neighbours; others repeat.
const zeros = [0x30, 0x660, 0x6F0, 0xFF10];

const nextNumber = digits => {
  const zero = zeros.find(code => digits.codePointAt(0) >= code && digits.codePointAt(0) < code + 10);
  if (zero === undefined) return digits;
  const value = Number([...digits].map(digit => digit.codePointAt(0) - zero).join("")) + 1;
  return [...String(value)].map(digit => String.fromCodePoint(zero + Number(digit))).join("");
};

const nextLetters = letters => {
  const alphabet = alphabets.find(known => known.includes(letters.at(-1)));
  if (!alphabet) return letters;
  const place = alphabet.indexOf(letters.at(-1));
  return place + 1 < alphabet.length
    ? letters.slice(0, -1) + alphabet[place + 1]
    : letters.length === 1 ? alphabet[0] + alphabet[0] : nextLetters(letters.slice(0, -1)) + alphabet[0];
};

export const following = (mark, inRoman = countsInRoman(mark)) => {
  const number = /^(.*?)(\p{Nd}+)(\P{Nd}*)$/u.exec(mark);
  if (number) return number[1] + nextNumber(number[2]) + number[3];
  const letters = lettersOf(mark);
  if (!letters) return mark;
  const isCapital = letters !== letters.toLowerCase();
  const next = inRoman && romanValue(letters.toLowerCase())
    ? (isCapital ? roman(romanValue(letters.toLowerCase()) + 1).toUpperCase() : roman(romanValue(letters) + 1))
    : nextLetters(letters);
  return mark.replace(letters, next);
};

/** The marks of a list: what an item does not say itself follows the one before it. */
export const marksOf = (first, own) => {
  let mark = first;
  let inRoman = false;
  return own.map((said, place) => {
    if (place === 0 || said) {
      mark = said ?? first;
      inRoman = countsInRoman(mark, inRoman);
    } else {
      mark = following(mark, inRoman);
    }
    return mark;
  });
};

/** What each item must say itself, so that the list has these marks. */
export const ownMarks = marks => {
  let inRoman = countsInRoman(marks[0]);
  return marks.map((mark, place) => {
    if (place === 0 || following(marks[place - 1], inRoman) === mark) return null;
    inRoman = countsInRoman(mark, inRoman);
    return mark;
  });
};

/** A line is cut at spaces that are not inside of quoted text, which stays in one piece. */
const WORD = /"(?:[^"\\]|\\.)*"\S*|\S+/g;

// oxlint-disable-next-line no-control-regex -- the escapes of our own colours, which take no room
const COLOUR = /\u001B\[\d+m/g;

/** Text before the prose of a line, under which its further lines stand: spaces, and a word with a colon or a gap. */
const LEAD = /^ *(?:[a-z]+(?: do)?: +|[A-Za-z]+ {2,})?/;

/** The least room for prose; in a narrower terminal lines are left to it. */
const MIN_WIDTH = 40;

/** A line as several, none wider than `width` where there is a space to cut at. The others begin where the prose did. */
export function wrapped(line: string, width: number): string[] {
  if (width < MIN_WIDTH || lengthOf(line) <= width) return [line];
  const lead = LEAD.exec(line)?.[0] ?? '';
  const lines: string[] = [];
  let current = lead;
  let room = false;
  for (const word of line.slice(lead.length).match(WORD) ?? []) {
    // A word that fits on no line gains nothing by a line of its own.
    const fits = lead.length + lengthOf(word) <= width;
    if (room && fits && lengthOf(current) + 1 + lengthOf(word) > width) {
      lines.push(current);
      current = ' '.repeat(lead.length);
      room = false;
    }
    current += room ? ` ${word}` : word;
    room = true;
  }
  return [...lines, current];
}

function lengthOf(text: string): number {
  return text.replace(COLOUR, '').length;
}

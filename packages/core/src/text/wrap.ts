/** A line is cut at spaces that are not inside quoted text, which stays in one piece. */
const WORD = /"(?:[^"\\]|\\.)*"\S*|\S+/g;

// oxlint-disable-next-line no-control-regex -- the escapes of our own colours, which take no room
const COLOUR = /\u001B\[\d+m/g;

/** A line of a report: prose behind a label, below which its further lines begin; a text alone is its own prose. */
export type Line = string | { readonly label: string; readonly prose: string };

/** A line as one text. */
export function lineText(line: Line): string {
  return typeof line === 'string' ? line : line.label + line.prose;
}

/** The least room for prose; in a narrower terminal lines are left to it. */
const MIN_WIDTH = 40;

/** A line as several, none wider than `width` where there is a space to cut at. The others begin where the prose did. */
export function wrapped(line: Line, width: number): string[] {
  const text = lineText(line);
  if (width < MIN_WIDTH || lengthOf(text) <= width) return [text];
  const lead = typeof line === 'string' ? (/^ */.exec(line)?.[0] ?? '') : line.label;
  const lines: string[] = [];
  let current = lead;
  let room = false;
  for (const word of text.slice(lead.length).match(WORD) ?? []) {
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

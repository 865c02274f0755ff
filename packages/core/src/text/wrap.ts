/** A word. Quoted text stays in one piece, so that a line is only cut at spaces outside of it. */
const WORD = /"(?:[^"\\]|\\.)*"\S*|\S+/g;

// oxlint-disable-next-line no-control-regex -- the escapes of our own colours, which have no width
const COLOUR = /\u001B\[\d+m/g;

/** A line of a report: prose after a label. If it is wrapped, the further lines are indented to the prose. */
export type Line = string | { readonly label: string; readonly prose: string };

/** The text of a line. */
export function lineText(line: Line): string {
  return typeof line === 'string' ? line : line.label + line.prose;
}

/** The least width for prose. A narrower terminal wraps the lines itself. */
const MIN_WIDTH = 40;

/** Wraps a line at spaces to `width`. Further lines begin where the prose begins. */
export function wrapped(line: Line, width: number): string[] {
  const text = lineText(line);
  if (width < MIN_WIDTH || lengthOf(text) <= width) return [text];
  const lead = typeof line === 'string' ? (/^ */.exec(line)?.[0] ?? '') : line.label;
  const lines: string[] = [];
  let current = lead;
  let room = false;
  for (const word of text.slice(lead.length).match(WORD) ?? []) {
    // A word that is too long for any line stays on this one.
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

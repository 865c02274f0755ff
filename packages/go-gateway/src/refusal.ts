import type { Refused } from '@tarwarden/host';

/** A module that is refused. */
export class ModuleRefusal extends Error {
  readonly code = 'MODULE_REFUSED';
  readonly refused: Refused;

  constructor(refused: Refused, cause?: unknown) {
    super(refused.headline, { cause });
    this.refused = refused;
  }
}

/** Characters of a line, and lines, that go shows of an answer (cmd/go/internal/web/api.go: 8 lines, 648 bytes in all). */
const LINE_CHARS = 150;
const REASONS = 2;

/** What go prints of a refusal: as much as it shows. The whole of it is printed when go has ended. */
export function answerOf({ refused }: ModuleRefusal): string {
  const { kind, subject, reasons } = refused;
  const what =
    kind === 'rejected'
      ? `tarwarden: refused ${subject}: this archive is not safe to unpack`
      : `tarwarden: not inspected, so not installed: ${subject}`;
  const shown = reasons.slice(0, REASONS).map((reason) => `  ${reason}`);
  const more = reasons.length > REASONS ? [`  and ${reasons.length - REASONS} more`] : [];
  const lines = [what, ...shown, ...more, 'all of it, and what to do, is at the end'];
  return `${lines.map((line) => (line.length > LINE_CHARS ? `${line.slice(0, LINE_CHARS)}…` : line)).join('\n')}\n`;
}

/*
 * The type that Psych gives to a scalar without quotes (psych/scalar_scanner.rb, 5.1). In its expressions, `^` and `$` match at every
 * line. Still, a scalar with a line break is text, unless it is very short.
 */

const LETTERS_FIRST = /^[^\d.:-]?[\p{Alphabetic}_\s!@#$%^&*(){}<>|/\\~;=]+/u;
const WORD = /^(?:~|null|yes|true|on|no|false|off)$/iu;
const MAY_BE_WORD = /^[ytonf~]/iu;
const LONGEST_WORD = 5;
const NUMBER =
  /^(?:[-+]?(?:[0-9][0-9_,]*)?\.[0-9]*(?:[eE][-+][0-9]+)?|[-+]?0b[01_,]+|[-+]?0[0-7_,]+|[-+]?(?:0|[1-9][0-9,_]*)|[-+]?0x[0-9a-fA-F_,]+|[-+]?[0-9][0-9_]*(?::[0-5]?[0-9]){1,2}(?:\.[0-9_]*)?|[-+]?\.inf|\.nan)$/i;
const DATE = /^-?\d{4}-\d{1,2}-\d{1,2}(?:$|[Tt\s])/;
// oxlint-disable-next-line no-control-regex -- all of ASCII
const ASCII = /^[\0-\x7f]*$/;

/**
 * Whether a scalar without quotes is certainly text for Psych. It returns false for some rare texts as well.
 */
export function isText(plain: string): boolean {
  if (plain === '') return false;
  // Psych takes this for a number without digits, and returns it as text.
  if (plain === '.') return true;
  if (plain.includes('\n') || LETTERS_FIRST.test(plain)) {
    // Some letters beyond ASCII become ASCII letters when case is folded.
    return (
      plain.length > LONGEST_WORD ||
      !MAY_BE_WORD.test(plain) ||
      (ASCII.test(plain) && !WORD.test(plain))
    );
  }
  return !plain.startsWith(':') && !DATE.test(plain) && !NUMBER.test(plain);
}

/** The symbol, with its colon, if Psych reads the scalar as a symbol. */
export function symbolOf(plain: string): string | undefined {
  return plain.length > 1 && plain.startsWith(':') && !LETTERS_FIRST.test(plain)
    ? plain
    : undefined;
}

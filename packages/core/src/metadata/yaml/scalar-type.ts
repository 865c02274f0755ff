/*
 * What Psych makes of a scalar without quotes (psych/scalar_scanner.rb, 5.1). It goes by expressions whose `^` and `$` match at
 * every line; a scalar with a line break is text all the same, unless it is very short.
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
 * Whether a scalar without quotes is text for Psych. Where it says so, it is; of some rare texts it does not say so although
 * they are.
 */
export function isText(plain: string): boolean {
  if (plain === '') return false;
  // A number without digits to its expressions, which it gives back as it is.
  if (plain === '.') return true;
  if (plain.includes('\n') || LETTERS_FIRST.test(plain)) {
    // Folding in case makes words of some letters beyond ASCII as well.
    return (
      plain.length > LONGEST_WORD ||
      !MAY_BE_WORD.test(plain) ||
      (ASCII.test(plain) && !WORD.test(plain))
    );
  }
  return !plain.startsWith(':') && !DATE.test(plain) && !NUMBER.test(plain);
}

/** The symbol that Psych makes of a scalar without quotes, with its colon, or undefined. */
export function symbolOf(plain: string): string | undefined {
  return plain.length > 1 && plain.startsWith(':') && !LETTERS_FIRST.test(plain)
    ? plain
    : undefined;
}

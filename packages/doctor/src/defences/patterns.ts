/* Patterns in lists of exceptions, as far as all managers mean the same by them. */

/** Whether a pattern stands for everything: `**`, `https://**`. */
export function isOpen(pattern: string): boolean {
  return pattern.includes('*') && /^(?:[\w+*]+:\/\/)?[*/@.]*$/.test(pattern);
}

/** Sets and alternatives, which one manager has and another does not. */
const CHOICES = /\[[^\]]*\]|\{[^}]*\}|\([^)]*\)/g;

/** Whether a pattern may stand for nearly everything: it begins with "!", or names nothing beside choices: `?*`, `[!x]*`. */
export function isOdd(pattern: string): boolean {
  if (pattern.startsWith('!')) return true;
  const rest = pattern.replace(/^[\w+*]+:\/\//, '').replaceAll(CHOICES, '');
  return /[?[\]{}()]/.test(pattern) && !/\w/.test(rest);
}

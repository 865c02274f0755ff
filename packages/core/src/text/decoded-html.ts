const CHARACTERS: ReadonlyMap<string, string> = new Map([
  ['amp', '&'],
  ['apos', "'"],
  ['gt', '>'],
  ['lt', '<'],
  ['quot', '"'],
]);

/**
 * Replaces character references in an attribute of HTML.
 * @param unknown Receives a reference that is neither one of the five usual names nor a valid character. Returns its replacement.
 */
export function decodedHtml(text: string, unknown: (reference: string) => string): string {
  return text.replaceAll(
    /&(?:#x([0-9a-f]{1,6})|#([0-9]{1,7})|([a-z][a-z0-9]{0,31}));/gi,
    (reference: string, hex?: string, decimal?: string, name?: string) => {
      if (name !== undefined) return CHARACTERS.get(name.toLowerCase()) ?? unknown(reference);
      const code = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16);
      return code > 0 && code <= 0x10_ffff ? String.fromCodePoint(code) : unknown(reference);
    },
  );
}

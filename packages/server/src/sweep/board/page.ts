/* Writes the board's page from Bull Board's template, which has five values. */
import { escapedHtml } from '@tarwarden/core/text';

/** Links to fonts of another site. The board loads nothing from other sites. */
const FOREIGN = /<link\b[^>]*\bhref="https?:[^>]*>/g;
const PLACE = /<%([=-])\s*(\w+)\s*%>/g;

/** @throws Error if the template contains unknown placeholders. */
export function pageOf(template: string, values: Readonly<Record<string, string>>): string {
  const page = template
    .replaceAll(FOREIGN, '')
    .replaceAll(PLACE, (_all, kind: string, name: string) => {
      const value = Object.hasOwn(values, name) ? values[name] : undefined;
      if (value === undefined) throw new Error(`the page asks for "${name}"`);
      return kind === '-' ? value : escapedHtml(value);
    });
  if (page.includes('<%')) throw new Error('the page is not one that is understood');
  return page;
}

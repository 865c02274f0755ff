import type { Report } from '../result.ts';
import { gatewayTable } from './gateway.ts';
import { tables, waitsTable } from './table.ts';

const MARKED = /(<!-- bench:([\w-]+) -->\n)[^]*?(<!-- \/bench -->)/g;

const GATEWAY = /(<!-- gateway -->\n)[^]*?(<!-- \/gateway -->)/;
const WAITS = /(<!-- waits -->\n)[^]*?(<!-- \/waits -->)/;

/**
 * The page with the tables of a report between its markers, `<!-- bench:PART -->` and `<!-- /bench -->`, and with the table of
 * waiting times between `<!-- waits -->` and `<!-- /waits -->`, and the gateway's figures between `<!-- gateway -->` and `<!-- /gateway -->`.
 */
export function fillPage(page: string, report: Report): string {
  const opened = page
    .replace(
      WAITS,
      (_all, start: string, end: string) => `${start}\n${waitsTable(report)}\n\n${end}`,
    )
    .replace(
      GATEWAY,
      (_all, start: string, end: string) =>
        `${start}\n${gatewayTable(report) ?? unmeasured('gateway')}\n\n${end}`,
    );
  return opened.replaceAll(MARKED, (_all, start: string, name: string, end: string) => {
    const result = Object.hasOwn(report, name) ? report[name] : undefined;
    const body = result ? tables(result) : unmeasured(name);
    return `${start}\n${body}\n\n${end}`;
  });
}

const unmeasured = (name: string): string => `Not measured yet: \`pnpm bench ${name} --write\`.`;

/** Names of the parts that a page has a place for. */
export function partsOf(page: string): string[] {
  return [...page.matchAll(MARKED)].map(([, , name]) => name ?? '');
}

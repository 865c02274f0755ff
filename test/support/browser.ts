/* Chromium of the system, without a window. */
import { chromium, type Browser, type Page } from 'playwright-core';
import { findProgram } from './programs.ts';

/** A name that leads to this machine. Browsers trust it less than a loopback address. */
export const HOST_WITHOUT_HTTPS = 'packages.test';

/** A test runs as root, and the browser asks nobody but the test's own server. */
const ARGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  `--host-resolver-rules=MAP ${HOST_WITHOUT_HTTPS} 127.0.0.1`,
];

/** Starts it, with an empty profile. */
export async function startBrowser(): Promise<Browser> {
  const executablePath = findProgram('chromium');
  if (executablePath === undefined) throw new Error('there is no chromium');
  return chromium.launch({ executablePath, args: ARGS });
}

/** The most steps to an element. No page has more. */
const STEPS_MAX = 80;

/** Goes with Tab to the element with this text or label, as a person without a mouse does. */
export async function tabTo(page: Page, name: string): Promise<void> {
  for (let step = 0; step < STEPS_MAX; step += 1) {
    await page.keyboard.press('Tab');
    if ((await focusedName(page)) === name) return;
  }
  throw new Error(`no element with the name "${name}" can be reached with Tab`);
}

async function focusedName(page: Page): Promise<string | undefined> {
  return page.evaluate(
    '(document.activeElement?.labels?.[0] ?? document.activeElement)?.textContent?.trim()',
  );
}

/** The code runs in the page, whose types are not those of Node. It computes contrasts as WCAG does. */
const LOWEST_CONTRAST = `
const parts = (colour) => (colour.match(/[\\d.]+/g) ?? []).map(Number);
const light = (colour) => {
  const [red, green, blue] = parts(colour).map((value) => {
    const share = value / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
};
const groundOf = (element) => {
  const { backgroundColor } = getComputedStyle(element);
  return parts(backgroundColor)[3] === 0 ? groundOf(element.parentElement) : backgroundColor;
};
const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
let lowest = { ratio: 99, text: '' };
while (texts.nextNode() !== null) {
  const text = texts.currentNode.textContent.trim();
  const element = texts.currentNode.parentElement;
  if (text === '' || !element.checkVisibility()) continue;
  const [front, ground] = [light(getComputedStyle(element).color), light(groundOf(element))];
  const ratio = (Math.max(front, ground) + 0.05) / (Math.min(front, ground) + 0.05);
  if (ratio < lowest.ratio) lowest = { ratio, text: text.slice(0, 80) };
}
lowest;
`;

/** The lowest contrast of a text of the page with its ground, and the text. */
export async function lowestContrast(
  page: Page,
): Promise<{ readonly ratio: number; readonly text: string }> {
  return page.evaluate(`{${LOWEST_CONTRAST}}`);
}

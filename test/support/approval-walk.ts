/* The way from a refusal to an approval in a browser, with the keyboard alone. The pictures of the documentation show its steps. */
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { TOKENS, type ServedPages } from './approval-pages.ts';
import { tabTo } from './browser.ts';
import type { Step } from './pictures/approval-steps.ts';

/** Called at each step, with the page as its person sees it. */
export type OnStep = (step: Step, page: Page) => Promise<void>;

/** @param id The id of a refusal. */
export async function walkToApproval(
  browser: Browser,
  {
    served,
    id,
    onStep,
  }: { readonly served: Pick<ServedPages, 'url'>; readonly id: string; readonly onStep: OnStep },
): Promise<void> {
  const developer = await newPage(browser);
  await developer.goto(`${served.url}/-/tarwarden/refusals/${id}`);
  await onStep('sign-in', developer);
  await signInByKeyboard(developer, TOKENS.rita);
  await onStep('refusal', developer);
  await tabTo(developer, 'Reason');
  await developer.keyboard.type('We need the link for our build, and have read the package.');
  await onStep('ask', developer);
  await pressButton(developer, 'Ask for an exception');
  await onStep('open-request', developer);

  const approver = await newPage(browser);
  await approver.goto(`${served.url}/-/tarwarden/approvals`);
  await signInByKeyboard(approver, TOKENS.ada);
  await onStep('queue', approver);
  await tabTo(approver, '1: evil@1.0.0');
  await pressEnter(approver);
  await tabTo(approver, 'Reason for the approval');
  await approver.keyboard.type('I compared the link with the repository.');
  await onStep('approve', approver);
  await pressButton(approver, 'Approve');
  await onStep('approved', approver);
  await developer.context().close();
  await approver.context().close();
}

async function newPage(browser: Browser): Promise<Page> {
  const context: BrowserContext = await browser.newContext({
    viewport: { width: 800, height: 600 },
  });
  return context.newPage();
}

export async function signInByKeyboard(page: Page, token: string): Promise<void> {
  await tabTo(page, 'Token');
  await page.keyboard.type(token);
  await pressEnter(page);
}

async function pressButton(page: Page, name: string): Promise<void> {
  await tabTo(page, name);
  await pressEnter(page);
}

/** Presses Enter, and waits for the page to which it leads. */
async function pressEnter(page: Page): Promise<void> {
  const loaded = page.waitForEvent('load');
  await page.keyboard.press('Enter');
  await loaded;
}

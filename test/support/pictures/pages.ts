/* Screenshots of the way from a refusal to an approval. */
import { servePages } from '../approval-pages.ts';
import { walkToApproval } from '../approval-walk.ts';
import { startBrowser } from '../browser.ts';
import { pictureOf } from './approval-steps.ts';
import { indexedPng } from './indexed-png.ts';

/** The pictures have the same times whenever they are made. */
const NOW = Date.parse('2026-11-30T09:12:00Z');

/** PNG by the names of the files. */
export async function pagePictures(): Promise<ReadonlyMap<string, Buffer>> {
  const served = await servePages({ pages: { now: () => NOW } });
  const browser = await startBrowser();
  const pictures = new Map<string, Buffer>();
  try {
    const { id } = served.service.refuse();
    await walkToApproval(browser, {
      served,
      id,
      onStep: async (step, page) => {
        // The cursor in a field would be there or not.
        pictures.set(pictureOf(step), indexedPng(await page.screenshot({ caret: 'hide' })));
      },
    });
  } finally {
    await browser.close();
    await served.close();
  }
  return pictures;
}

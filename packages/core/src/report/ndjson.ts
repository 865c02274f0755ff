import { escapedJson } from '../text/escaped-json.ts';
import type { Reporter } from './reporter.ts';
import { recordOf } from './result.ts';

/** One line of JSON a file ({@link ScanRecord}), and nothing else. */
export const ndjsonReporter: Reporter = {
  start: () => '',
  result: (result) => `${escapedJson(recordOf(result))}\n`,
  end: () => '',
};

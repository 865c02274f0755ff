import { parseWheelFileName } from '../../../../metadata/pypi/wheel-file-name.ts';
import { quote } from '../../../../text/printable.ts';
import type { WheelRule } from '../../wheel-rule.ts';

export const wheelFileName: WheelRule = {
  kind: 'metadata',
  id: 'wheel-file-name',
  level: 'error',
  summary: 'The file does not have the name of a wheel',
  advice: {
    forUsers:
      'Do not install it: pip and uv read name, version and platform from the file name, and they read this one differently. Download the wheel from its index again.',
    forPublishers: 'Name it as your build tool does: `name-version-python-abi-platform.whl`.',
  },
  check: (_wheel, report, { expected }) => {
    const { fileName } = expected;
    if (fileName !== undefined && parseWheelFileName(fileName) === undefined)
      report(quote(fileName));
  },
};

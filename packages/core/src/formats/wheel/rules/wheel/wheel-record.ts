import { quote } from '../../../../text/printable.ts';
import type { WheelRule } from '../../wheel-rule.ts';

export const wheelRecord: WheelRule = {
  kind: 'metadata',
  id: 'wheel-record',
  level: 'error',
  summary: 'The RECORD file of the wheel is missing, or cannot be read',
  advice: {
    forUsers:
      'Do not install it: RECORD lists the files of the package. Without it, an uninstallation leaves files behind or removes the wrong ones.',
    forPublishers:
      'Build the wheel again with a current build tool, which writes RECORD; do not add files by hand.',
  },
  check: ({ record, distInfo, tree }, report) => {
    if (record === undefined) {
      if (distInfo !== undefined && tree.complete)
        report(`${quote(`${distInfo}/RECORD`)} is missing`);
      return;
    }
    const { content, entry } = record;
    if (content === undefined) {
      if (tree.complete) report(`it has ${entry.size} bytes, and is not read`, entry);
      return;
    }
    if (content.wrong !== undefined) report(content.wrong, entry);
    const seen = new Set<string>();
    for (const { path } of content.lines) {
      if (seen.has(path)) report(`${quote(path)} is in it twice`, entry);
      seen.add(path);
    }
  },
};

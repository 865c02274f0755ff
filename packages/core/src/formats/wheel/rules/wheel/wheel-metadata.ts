import { quote } from '../../../../text/printable.ts';
import type { WheelRule } from '../../wheel-rule.ts';

export const wheelMetadata: WheelRule = {
  kind: 'metadata',
  id: 'wheel-metadata',
  level: 'error',
  summary: 'The METADATA file of the wheel is missing, or can be read in two ways',
  advice: {
    forUsers:
      'Do not install it: without a METADATA file that all tools read alike, it is not certain which package this is and what it depends on.',
    forPublishers: 'Build the wheel again with a current build tool, which writes METADATA.',
  },
  check: ({ metadata, distInfo, tree }, report, _context) => {
    if (metadata === undefined) {
      if (distInfo !== undefined && tree.complete)
        report(`${quote(`${distInfo}/METADATA`)} is missing`);
    } else if (metadata.content === undefined) {
      if (tree.complete)
        report(`it has ${metadata.entry.size} bytes, and is not read`, metadata.entry);
    } else {
      for (const wrong of metadata.content.wrong) report(wrong, metadata.entry);
    }
  },
};

import { quote } from '../../../../text/printable.ts';
import type { WheelRule } from '../../wheel-rule.ts';

export const wheelDistInfo: WheelRule = {
  kind: 'metadata',
  id: 'wheel-dist-info',
  level: 'error',
  summary: 'The wheel does not have exactly one .dist-info folder',
  advice: {
    forUsers:
      'Do not install it: installers choose different folders, so you can get other files than a scanner has seen.',
    forPublishers:
      'Build the wheel again in an empty folder; a stale `.dist-info` in the sources is a known cause.',
  },
  check: (wheel, report) => {
    const { distInfos, tree } = wheel;
    for (const [name, entry] of distInfos) {
      if (!name.endsWith('.dist-info')) report(`${quote(name)} is not in lower case`, entry);
      else if (distInfos.size > 1) report(`${quote(name)} is one of ${distInfos.size}`, entry);
    }
    if (distInfos.size === 0 && tree.complete) report('there is none');
  },
};

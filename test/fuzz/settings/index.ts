import { npms } from '../../support/managers.ts';
import { bunSubject } from './bun.ts';
import { npmSubject } from './npm.ts';
import { pnpmSubjects } from './pnpm.ts';
import { goSubject } from './go.ts';
import { netrcSubjects } from './netrc.ts';
import { pipSubject } from './pip.ts';
import { rubySubjects } from './ruby.ts';
import type { SettingsSubject } from './subject.ts';
import { yarnClassicSubject } from './yarn-classic.ts';
import { yarnSubject } from './yarn.ts';

/** Every client whose settings are fuzzed. */
export const settingsSubjects: readonly SettingsSubject[] = [
  ...npms.map(npmSubject),
  ...pnpmSubjects,
  bunSubject,
  yarnSubject(3),
  yarnSubject(4),
  yarnClassicSubject('yarn-1'),
  pipSubject,
  ...rubySubjects,
  goSubject,
  ...netrcSubjects,
];

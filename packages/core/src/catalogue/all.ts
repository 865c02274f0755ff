// Written by `pnpm rules`, from the files of the rules.
import { gzipRules } from '../rules/gzip/index.ts';
import { tarRules } from '../rules/tar/index.ts';
import { paxRules } from '../rules/pax/index.ts';
import { limitsRules } from '../rules/limits/index.ts';
import { typesRules } from '../rules/types/index.ts';
import { pathsRules } from '../rules/paths/index.ts';
import { namesRules } from '../rules/names/index.ts';
import { modesRules } from '../rules/modes/index.ts';
import { npmTarballModesRules } from '../formats/npm-tarball/rules/modes/index.ts';
import { gitRules } from '../rules/git/index.ts';
import { linksRules } from '../rules/links/index.ts';
import { duplicatesRules } from '../rules/duplicates/index.ts';
import { layoutRules } from '../rules/layout/index.ts';
import { npmTarballPackageRules } from '../formats/npm-tarball/rules/package/index.ts';
import { zipRules } from '../rules/zip/index.ts';
import { yarnZipLayoutRules } from '../formats/yarn-zip/rules/layout/index.ts';
import { wheelWheelRules } from '../formats/wheel/rules/wheel/index.ts';
import { sdistContainerRules } from '../formats/sdist/rules/container/index.ts';
import { sdistPackageRules } from '../formats/sdist/rules/package/index.ts';
import { gemGemRules } from '../formats/gem/rules/gem/index.ts';
import { gemGemspecRules } from '../formats/gem/rules/gemspec/index.ts';
import { goZipModuleRules } from '../formats/go-zip/rules/module/index.ts';
import type { Rule } from '../rules/rule.ts';

export const allRules: readonly Rule[] = [
  ...gzipRules,
  ...tarRules,
  ...paxRules,
  ...limitsRules,
  ...typesRules,
  ...pathsRules,
  ...namesRules,
  ...modesRules,
  ...npmTarballModesRules,
  ...gitRules,
  ...linksRules,
  ...duplicatesRules,
  ...layoutRules,
  ...npmTarballPackageRules,
  ...zipRules,
  ...yarnZipLayoutRules,
  ...wheelWheelRules,
  ...sdistContainerRules,
  ...sdistPackageRules,
  ...gemGemRules,
  ...gemGemspecRules,
  ...goZipModuleRules,
];

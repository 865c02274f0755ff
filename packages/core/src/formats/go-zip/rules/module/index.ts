import { advice, metadataRules } from '../../../../rules/table-rows.ts';
import type { GoModule } from '../../../../metadata/go-module.ts';
import type { MetadataRule } from '../../../../rules/rule.ts';
import { quote } from '../../../../text/printable.ts';
import {
  MAX_GO_MOD_BYTES,
  MAX_MODULE_BYTES,
  MAX_MODULE_LICENSE_BYTES,
} from '../../../../limits.ts';

export const goModuleRules: readonly MetadataRule<GoModule>[] = metadataRules<GoModule>([
  {
    id: 'go-mod-misplaced',
    level: 'error',
    field: 'name',
    summary:
      'A module zip has a go.mod that is not at its root, or whose name has other upper and lower case',
    advice: advice(
      'Do not use it: a folder with a go.mod is another module, which go never packs. On a file system that ignores case, it can replace the real go.mod.',
      'Let go or a module proxy make the zip: they leave folders with a go.mod out.',
    ),
    check({ misplaced }, report) {
      for (const entry of misplaced) report(quote(entry.path), entry);
    },
  },
  {
    id: 'go-mod-other-path',
    level: 'note',
    field: 'content',
    summary: 'go.mod names another module path than the zip',
    advice: advice(
      'You need not do anything if a replace line of your go.mod leads to this module: a fork keeps the module path of the original.',
      'Write the path under which the module is published into go.mod.',
    ),
    check({ goMod, moduleLine, prefix }, report) {
      if (moduleLine !== undefined && prefix !== undefined && moduleLine !== prefix.name)
        report(`${quote(moduleLine)} in the zip of ${quote(prefix.name)}`, goMod);
    },
  },
  {
    id: 'module-file-name',
    level: 'error',
    field: 'name',
    summary: 'go does not accept the name of a file in the module zip',
    advice: advice(
      'Do not use it: go refuses the module, and other tools unpack the file.',
      'Rename the file: letters, digits, spaces and !#$%&()+,-.=@[]^_{}~ are allowed, names of Windows devices are not.',
    ),
    check({ badNames }, report) {
      for (const { entry, problem } of badNames)
        report(`${quote(entry.path)} has ${problem}`, entry);
    },
  },
  {
    id: 'module-name-invalid',
    level: 'error',
    summary: 'The folder of a module zip is not a module path with a canonical version',
    advice: advice(
      'Do not use it: go accepts no module of this name or version.',
      'Tag a version as v1.2.3, and give the module a path that go takes.',
    ),
    check(metadata, report, { expected }) {
      const problem = metadata.nameProblem(expected);
      if (problem !== undefined) report(problem);
    },
  },
  {
    id: 'module-name-mismatch',
    level: 'error',
    summary: 'The module zip contains another module or version than was asked for',
    advice: advice(
      'Do not use it: the proxy served another module than go asked for. Use another proxy, or report it to the people who run this one.',
      'Serve each zip under the module and version that its folder names.',
    ),
    check({ claimed }, report, { expected }) {
      if (claimed === undefined) return;
      for (const field of ['name', 'version'] as const) {
        const requested = expected[field];
        if (requested !== undefined && requested !== claimed[field])
          report(`${field} ${quote(claimed[field] ?? '')}, and ${quote(requested)} was asked for`);
      }
    },
  },
  {
    id: 'module-outside-folder',
    level: 'error',
    summary: 'An entry of the module zip is outside its folder module@version/',
    advice: advice(
      'Do not use it: go refuses such a zip, and other tools unpack the entry into the folder of another module.',
      'Let go or a module proxy make the zip: every entry begins with module@version/.',
    ),
    check({ outside, prefix }, report) {
      for (const entry of outside)
        report(
          prefix === undefined
            ? `${quote(entry.path)} is in no folder module@version/`
            : `${quote(entry.path)} is not in ${quote(prefix.text)}`,
          entry,
        );
    },
  },
  {
    id: 'module-size-limit',
    level: 'error',
    field: 'size',
    summary: 'A module zip, its go.mod or its LICENSE is larger than go accepts',
    advice: advice(
      'Do not use it: go refuses the module, after it has downloaded it.',
      'Keep large files out of the module.',
    ),
    check({ goMod, license, size }, report) {
      if (size > MAX_MODULE_BYTES)
        report(`${size} bytes of files, and go takes ${MAX_MODULE_BYTES}`);
      if (goMod !== undefined && goMod.size > MAX_GO_MOD_BYTES)
        report(`a go.mod of ${goMod.size} bytes, and go takes ${MAX_GO_MOD_BYTES}`, goMod);
      if (license !== undefined && license.size > MAX_MODULE_LICENSE_BYTES)
        report(
          `a LICENSE of ${license.size} bytes, and go takes ${MAX_MODULE_LICENSE_BYTES}`,
          license,
        );
    },
  },
]);

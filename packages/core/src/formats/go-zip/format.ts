import { readZip } from '../../containers/zip/reader.ts';
import { GoModule } from '../../metadata/go-module.ts';
import { linksRules } from '../../rules/links/index.ts';
import { zipRules } from '../../rules/zip/index.ts';
import { defineFormat, type PackageFormat, type ReadOptions, type ReadSink } from '../format.ts';
import { placedRules } from '../placed-rules.ts';
import { MODULE_ZIP } from './dialect.ts';
import { goModuleRules } from './rules/module/index.ts';

/** Offset of the name of the first entry, after its header. */
const NAME_OFFSET = 30;
const NAME_BYTES = 512;

/**
 * A module zip, as Go module proxies serve it. Its rules check the zip, the demands of golang.org/x/mod/zip, and that everything is
 * in the folder `module@version/` of the module that was asked for.
 */
export const goZipFormat: PackageFormat = defineFormat({
  id: 'gomod',
  ecosystem: 'go',
  layout: 'whole',
  layer: 'zip',
  recognise: (fileName, bytes) =>
    /\.zip$/i.test(fileName) &&
    /^[\w./~-]+@v\d[^/\0]*\//.test(bytes.toString('latin1', NAME_OFFSET, NAME_OFFSET + NAME_BYTES)),
  read: (bytes: Buffer, sink: ReadSink, { limits }: ReadOptions) =>
    readZip(
      bytes,
      { ...sink, entry: (entry) => sink.entry(entry) },
      { limits, dialect: MODULE_ZIP },
    ),
  metadata: (_tree, limits) => new GoModule(limits.manifestBytes),
  rules: [...zipRules, ...placedRules, ...linksRules, ...goModuleRules],
});

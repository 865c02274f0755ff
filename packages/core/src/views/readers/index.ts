/** Models of how each package manager unpacks. No verdict depends on them. */
export { compareViews, type Comparison } from './compare.ts';
export { rawHeaderAt, type RawHeader } from './raw-header.ts';
export { zipHeadersAt, type RawZipHeader, type RawZipHeaders } from './raw-zip.ts';
export { tarFor } from './view-of.ts';
export { viewsOf } from './views-of.ts';
export { VIEWER_NAMES, type Unpacked, type View, type Viewer } from './view.ts';

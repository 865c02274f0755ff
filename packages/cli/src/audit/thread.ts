/* What a thread of an audit is started with. */
import { serveInspections } from '@tarwarden/host';

serveInspections();

/* What the threads of the plugin run. */
import { serveInspections } from '@tarwarden/host';

serveInspections();

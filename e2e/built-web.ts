/** Before a test run: the web application, as it is served. */
import { buildWeb } from '../scripts/build-web.ts'

export default (): void => buildWeb()

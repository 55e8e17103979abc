// A Bluesky network: directory, data server and the service that readers ask. Prints the data server's address.
import { createRequire } from 'node:module'
const { TestNetwork } = createRequire(process.argv[2])('@atproto/dev-env')

const network = await TestNetwork.create({ dbPostgresSchema: 'webspin' })
console.log(`PDS ${network.pds.url}`)
process.on('SIGTERM', () => network.close().finally(() => process.exit(0)))

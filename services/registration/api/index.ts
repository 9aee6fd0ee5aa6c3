import type { Mounted } from '../../../platform/http/index.js'
import { addChild } from './addChild.js'
import { declareTwin } from './declareTwin.js'
import type { Deps } from './deps.js'
import { fileForm } from './fileForm.js'
import { getForm } from './getForm.js'
import { getImport } from './getImport.js'
import { importRoster } from './importRoster.js'
import { listImportFaults } from './listImportFaults.js'
import { listMyChildren } from './listMyChildren.js'
import { people } from './people.js'
import { undoTwin } from './undoTwin.js'
import { withdraw } from './withdraw.js'

/** Every endpoint of `contracts/http/registration.ts`. */
export const mountRegistration = (deps: Deps): Mounted[] =>
  [importRoster, getImport, listImportFaults, listMyChildren, addChild, fileForm, getForm, declareTwin, undoTwin, withdraw, people]
    .map((endpoint) => endpoint(deps))

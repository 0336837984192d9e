export { readDeparture } from './departure';
export { readOwnSessions } from './own';
export { readClosed, readPeople, readPerson } from './people';

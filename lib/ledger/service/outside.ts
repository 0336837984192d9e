import { branchesOf, lineageOf, openAbandonment, type Abandonment, type Ancestor } from '../domain/branch';
import { openCheckpoint, type Checkpoint } from '../domain/checkpoint';
import { parseVerifierKey, type NoteVerifier } from '../domain/note';
import { folderOf, listFolders, newestNote, readPublishedKey, type OutsideFolder } from '../store/outside';

/** Why a database and what was handed outside cannot both be right, or why that cannot be told. */
export type Refusal = {
  refused: 'behind' | 'forked' | 'gone' | 'chain_broken' | 'outside_unreadable' | 'other_key';
  detail: string;
};

/** isResumable tells whether two people may let a ledger go on in spite of this; rows that do not even form a chain, or a directory nobody can read, must be put right. */
export const isResumable = ({ refused }: Refusal): boolean => refused === 'behind' || refused === 'forked' || refused === 'gone';

/** The newest of what was handed outside: its last checkpoint with the instant its file was written, the history it belongs to, and every folder there is. */
export type Outside = {
  directory: string;
  verifier: NoteVerifier;
  newest: (Checkpoint & { at: Date }) | undefined;
  /** Newest first: the history that is followed, and what it kept of those before it. */
  lineage: readonly Ancestor[];
  folders: readonly OutsideFolder[];
};

const unreadable = (detail: string): Refusal => ({ refused: 'outside_unreadable', detail });

/** verifierOf is the key that a directory's checkpoints must be signed with: the one given, else the one published in it; undefined when there is none. */
export async function verifierOf(directory: string, given: string | undefined): Promise<NoteVerifier | undefined | Refusal> {
  const published = await readPublishedKey(directory);
  const text = given ?? published;
  if (text === undefined) {
    const found = (await Promise.all((await listFolders(directory)).map(({ folder }) => newestNote(folder)))).find(Boolean);
    return found && unreadable(`the directory of checkpoints holds no verifier key to check them with (${found.file})`);
  }
  const verifier = parseVerifierKey(text);
  if (!verifier) return unreadable('the verifier key of the checkpoints cannot be read');
  if (published !== undefined && parseVerifierKey(published)?.text !== verifier.text)
    return { refused: 'other_key', detail: 'the checkpoint directory belongs to another key' };
  return verifier;
}

/**
 * readOutside finds the newest checkpoint of a directory: in the folder of the latest resumption that something was signed after, else in the directory
 * itself. A folder without a checkpoint is one that a crash left half made, and counts for nothing. Throws when the directory cannot be read.
 */
export async function readOutside(directory: string, verifier: NoteVerifier): Promise<Outside | Refusal> {
  const folders = await listFolders(directory);
  const abandonments: Abandonment[] = [];
  for (const { number, folder, note } of folders) {
    if (note === undefined) continue;
    const abandonment = openAbandonment(note, verifier);
    if (abandonment?.number !== number) return unreadable(`what ${folder} began with is not what this key signed`);
    abandonments.push(abandonment);
  }
  const branches = branchesOf(verifier, abandonments);
  for (const branch of [...branches].reverse()) {
    const note = await newestNote(folderOf(directory, branch.number));
    if (!note) continue;
    const checkpoint = openCheckpoint(note.note, branch.verifier);
    if (!checkpoint) return unreadable(`the newest outside checkpoint (${note.file}) is not one that this key signed`);
    return { directory, verifier, newest: { ...checkpoint, at: note.at }, lineage: lineageOf(branch, branches), folders };
  }
  return { directory, verifier, newest: undefined, lineage: [{ number: 0, verifier, began: undefined, upTo: undefined }], folders };
}

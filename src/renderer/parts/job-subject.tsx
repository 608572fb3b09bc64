import type { Job } from '#shared/job.ts'
import { subjectOf } from '../words/subject.ts'
import { Name, Subject } from './label.tsx'

/** What a job works on: a database with its coloured label where it is one, else the name of a server or a file. */
export function JobSubject({ job }: { job: Pick<Job, 'subject' | 'databaseId' | 'copyIds'> }) {
  const subject = subjectOf(job)
  return subject ? <Subject {...subject} /> : <Name text={job.subject} />
}

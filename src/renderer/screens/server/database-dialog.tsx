import { useId } from 'react'
import { Controller, useForm, type Resolver } from 'react-hook-form'
import { useTranslation } from 'react-i18next'
import { sourceProofSchema, type NewDatabase } from '#shared/database.ts'
import { call } from '../../bridge.ts'
import { perform } from '../../actions/perform.ts'
import { Button } from '../../parts/button.tsx'
import { Dialog, DialogActions } from '../../parts/dialog.tsx'
import { Checkbox, inputLook, TextField } from '../../parts/field.tsx'
import { Segments, Select } from '../../parts/select.tsx'
import { useDatabases } from '../../stores/databases.ts'
import { databaseOf, emptyForm, faultsOf, formOf, type DatabaseForm } from './database-form.ts'

interface DatabaseDialogProps {
  /** of the database that is changed; null: a new one */
  id: string | null
  initial: NewDatabase | { server: string }
  onClose: () => void
}

const resolver: Resolver<DatabaseForm> = (values) => {
  const errors = Object.fromEntries(
    Object.entries(faultsOf(values)).map(([field, fault]) => [field, { type: fault, message: fault }]),
  )
  return Object.keys(errors).length > 0 ? { values: {}, errors } : { values, errors: {} }
}

/** Everything about one database, to add it or to change it. */
export function DatabaseDialog({ id, initial, onClose }: DatabaseDialogProps) {
  const { t } = useTranslation()
  const envId = useId()
  const form = useForm<DatabaseForm>({ resolver, defaultValues: 'dbname' in initial ? formOf(initial) : emptyForm })
  const { register, control, handleSubmit, watch, formState } = form
  const kind = watch('placeKind')
  const error = (field: keyof DatabaseForm): string | undefined => {
    const type = formState.errors[field]?.message
    return type === 'needed' || type === 'name' || type === 'absolute' ? t(`fault.${type}`) : undefined
  }

  const save = handleSubmit(async (values) => {
    const database = databaseOf(initial.server, values)
    const done = await perform(t('action.saveDatabase'), async () => {
      if (id === null) await call('database.add', database)
      else await call('database.update', { id, database })
      await useDatabases.getState().refresh()
    })
    if (done) onClose()
  })

  return (
    <Dialog wide insists title={id === null ? t('database.addTitle') : t('database.editTitle')} onClose={onClose}>
      <form onSubmit={(event) => void save(event)} noValidate className="grid grid-cols-2 gap-x-4 gap-y-3.5">
        <TextField
          label={t('database.label')}
          hint={t('database.labelHint')}
          error={error('label')}
          autoFocus
          {...register('label')}
        />
        <Controller
          control={control}
          name="format"
          render={({ field }) => (
            <Select
              label={t('database.format')}
              value={field.value}
              onChange={field.onChange}
              choices={[
                { value: 'auto', label: t('database.format-auto') },
                { value: 'zstd', label: '.sql.zst' },
                { value: 'gzip', label: '.sql.gz' },
              ]}
            />
          )}
        />
        <div className="col-span-2">
          <Controller
            control={control}
            name="placeKind"
            render={({ field }) => (
              <Segments
                label={t('database.place')}
                value={field.value}
                onChange={field.onChange}
                choices={[
                  { value: 'compose', label: t('database.placeCompose') },
                  { value: 'container', label: t('database.placeContainer') },
                  { value: 'host', label: t('database.placeHost') },
                ]}
              />
            )}
          />
        </div>
        {kind === 'compose' && (
          <>
            <TextField
              code
              className="col-span-2"
              label={t('database.dir')}
              placeholder="/srv/app"
              error={error('dir')}
              {...register('dir')}
            />
            <TextField
              code
              label={t('database.service')}
              placeholder="db"
              error={error('service')}
              {...register('service')}
            />
            <TextField code label={t('database.project')} hint={t('database.projectHint')} {...register('project')} />
            <TextField
              code
              className="col-span-2"
              label={t('database.file')}
              hint={t('database.fileHint')}
              {...register('file')}
            />
          </>
        )}
        {kind === 'container' && (
          <TextField
            code
            className="col-span-2"
            label={t('database.container')}
            error={error('container')}
            {...register('container')}
          />
        )}
        <TextField code label={t('database.dbname')} error={error('dbname')} {...register('dbname')} />
        <TextField code label={t('database.dbuser')} error={error('dbuser')} {...register('dbuser')} />
        <TextField
          code
          className="col-span-2"
          label={t('database.backups')}
          hint={t('database.backupsHint')}
          placeholder="/srv/app/backups"
          error={error('backups')}
          {...register('backups')}
        />
        <div className="col-span-2 flex flex-col gap-1">
          <label htmlFor={envId} className="text-sm text-ink-2">
            {t('database.env')}
          </label>
          <textarea
            id={envId}
            rows={2}
            spellCheck={false}
            aria-invalid={error('env') ? true : undefined}
            aria-describedby={`${envId}-about`}
            className={`${inputLook} h-auto resize-none py-1.5 font-mono text-sm`}
            {...register('env')}
          />
          <p id={`${envId}-about`} className={`text-xs ${error('env') ? 'text-damaged' : 'text-ink-3'}`}>
            {error('env') ?? t('database.envHint')}
          </p>
        </div>
        <Controller
          control={control}
          name="sourceProof"
          render={({ field }) => (
            <Select
              label={t('database.sourceProof')}
              value={field.value}
              onChange={field.onChange}
              choices={sourceProofSchema.options.map((value) => ({ value, label: t(`database.sourceProof-${value}`) }))}
            />
          )}
        />
        <TextField
          code
          label={t('database.image')}
          hint={t('database.imageHint')}
          placeholder="postgis/postgis:18-3.6"
          {...register('image')}
        />
        <div className="col-span-2">
          <Controller
            control={control}
            name="verifyAfter"
            render={({ field }) => (
              <Checkbox label={t('database.verifyAfter')} checked={field.value} onChange={field.onChange} />
            )}
          />
        </div>
        <div className="col-span-2">
          <Controller
            control={control}
            name="driftCheck"
            render={({ field }) => (
              <Checkbox label={t('database.driftCheck')} checked={field.value} onChange={field.onChange} />
            )}
          />
        </div>
        <DialogActions>
          <Button onClick={onClose}>{t('action.cancel')}</Button>
          <Button variant="primary" type="submit" busy={formState.isSubmitting}>
            {id === null ? t('action.addDatabase') : t('action.save')}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  )
}

import { Controller, useForm, type Resolver, type UseFormReturn } from 'react-hook-form'
import { useTranslation } from 'react-i18next'
import { useShallow } from 'zustand/react/shallow'
import { chooseFile } from '../../actions/desktop.ts'
import { perform } from '../../actions/perform.ts'
import { Button } from '../../parts/button.tsx'
import { Checkbox, TextField } from '../../parts/field.tsx'
import { Fold } from '../../parts/fold.tsx'
import { Segments, Select } from '../../parts/select.tsx'
import { useServers } from '../../stores/servers.ts'
import { serverFaultsOf, type ServerForm } from './server-form.ts'

/** The form of a server; `own` is the name it has already, which it may keep. */
export function useServerForm(initial: ServerForm, own: string | null): UseFormReturn<ServerForm> {
  const resolver: Resolver<ServerForm> = (values) => {
    const taken = (useServers.getState().value ?? []).map(({ name }) => name).filter((name) => name !== own)
    const faults = Object.entries(serverFaultsOf(values, taken))
    const errors = Object.fromEntries(faults.map(([field, type]) => [field, { type, message: type }]))
    return faults.length > 0 ? { values: {}, errors } : { values, errors: {} }
  }
  return useForm<ServerForm>({ resolver, defaultValues: initial })
}

export function ServerFields({ form, own }: { form: UseFormReturn<ServerForm>; own: string | null }) {
  const { t } = useTranslation()
  const { register, control, watch, setValue, formState } = form
  const others = useServers(
    useShallow((state) => (state.value ?? []).map(({ name }) => name).filter((name) => name !== own)),
  )
  const auth = watch('auth')
  const error = (field: keyof ServerForm): string | undefined => {
    const type = formState.errors[field]?.message
    switch (type) {
      case 'needed':
      case 'name':
      case 'port':
      case 'fingerprint':
      case 'taken':
        return t(`fault.${type}`)
      default:
        return undefined
    }
  }
  const pickKey = (): void =>
    void perform(t('server.keyFile'), async () => {
      const file = await chooseFile('key')
      if (file !== null) setValue('keyFile', file, { shouldValidate: formState.isSubmitted })
    })

  return (
    <div className="grid grid-cols-6 gap-x-4 gap-y-3.5">
      <TextField
        className="col-span-4"
        code
        label={t('server.host')}
        placeholder="shop.example.org"
        autoFocus
        error={error('host')}
        {...register('host')}
      />
      <TextField
        className="col-span-2"
        code
        label={t('server.port')}
        inputMode="numeric"
        error={error('port')}
        {...register('port')}
      />
      <TextField
        className="col-span-3"
        code
        label={t('server.user')}
        hint={t('server.userHint')}
        {...register('user')}
      />
      <TextField
        className="col-span-3"
        label={t('server.name')}
        hint={t('server.nameHint')}
        error={error('name')}
        {...register('name')}
      />
      <div className="col-span-6">
        <Controller
          control={control}
          name="auth"
          render={({ field }) => (
            <Segments
              label={t('server.auth')}
              value={field.value}
              onChange={field.onChange}
              choices={[
                { value: 'auto', label: t('server.auth-auto') },
                { value: 'agent', label: t('server.auth-agent') },
                { value: 'key', label: t('server.auth-key') },
                { value: 'password', label: t('server.auth-password') },
              ]}
            />
          )}
        />
        <p className="mt-1 text-xs text-ink-3">{t(`server.authHint-${auth}`)}</p>
      </div>
      {auth === 'key' && (
        <TextField
          className="col-span-6"
          code
          label={t('server.keyFile')}
          placeholder="~/.ssh/id_ed25519"
          error={error('keyFile')}
          beside={<Button onClick={pickKey}>{t('action.choose')}</Button>}
          {...register('keyFile')}
        />
      )}
      <div className="col-span-6">
        <Fold label={t('server.more')}>
          <div className="grid grid-cols-2 gap-x-4 gap-y-3.5">
            <Controller
              control={control}
              name="jump"
              render={({ field }) => (
                <Select
                  label={t('server.jump')}
                  value={field.value}
                  onChange={field.onChange}
                  choices={[
                    { value: '', label: t('server.jumpNone') },
                    ...others.map((name) => ({ value: name, label: name })),
                  ]}
                />
              )}
            />
            <TextField
              code
              label={t('server.hostKey')}
              hint={t('server.hostKeyHint')}
              placeholder="SHA256:…"
              error={error('hostKey')}
              {...register('hostKey')}
            />
            <div className="col-span-2">
              <Controller
                control={control}
                name="sudo"
                render={({ field }) => (
                  <Checkbox label={t('server.sudo')} checked={field.value} onChange={field.onChange} />
                )}
              />
            </div>
          </div>
        </Fold>
      </div>
    </div>
  )
}

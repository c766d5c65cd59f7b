//! The whole way of a request, from its bytes to the answer's.

use std::{
    fmt,
    sync::{Mutex, MutexGuard, PoisonError},
};

use bytes::Bytes;
use http::{Method, Request, Response};
use time::OffsetDateTime;
use zeroize::Zeroize as _;

use crate::{
    account::AccountId,
    arrival::{Arrival, Delivery, Reply},
    auth::{Expectation, Presentation, Received},
    configuration::{Configuration, ConfigurationError},
    error::{ApiError, ErrorCode},
    id::{EntityIds, RequestIds, Seed},
    operation::{self, Call, CreateAccessKey, CreateUser, Operation as _, ResultContent},
    protocol::{
        Answers, Format, MarkerKey, Parameters, encode_form, foreign as foreign_answer,
        foreign_message, read_parameters,
    },
    record::{self, Record},
    secret::Secret,
    service::Service,
    state::{BootstrapKey, Principal, State},
};

/// An account's IAM and STS in memory.
///
/// It verifies every signature, and it knows neither sockets nor the clock:
/// time is an argument. It is `Send + Sync`; requests of several threads
/// take effect one after the other.
pub struct Emulator {
    configuration: Configuration,
    request_ids: RequestIds,
    markers: MarkerKey,
    /// The only lock. It is held while state is read or changed, not while
    /// signatures are verified, parameters read or answers written.
    state: Mutex<State>,
}

impl Emulator {
    /// An account with a root and nothing else.
    ///
    /// # Errors
    ///
    /// If a field of the configuration breaks the rules it states, or the
    /// operating system has no random bytes.
    pub fn new(configuration: Configuration) -> Result<Self, ConfigurationError> {
        let account = configuration.validate()?;
        let seed = Seed::from_system().map_err(|_| ConfigurationError::NoRandomness)?;
        Ok(Self::from_seed(configuration, account, seed))
    }

    /// An account whose ids, secrets and markers can be foretold.
    ///
    /// Two emulators with the same seed that are asked the same in the same
    /// order answer the same, to the byte. That is for tests which compare
    /// whole answers; whoever knows the seed knows every secret.
    ///
    /// # Errors
    ///
    /// If a field of the configuration breaks the rules it states.
    pub fn with_seed(configuration: Configuration, seed: u64) -> Result<Self, ConfigurationError> {
        let account = configuration.validate()?;
        Ok(Self::from_seed(configuration, account, Seed::from_number(seed)))
    }

    /// What the emulator was made with.
    #[must_use]
    pub fn configuration(&self) -> &Configuration {
        &self.configuration
    }

    /// The key that signs as the root of the account.
    #[must_use]
    pub fn root_credentials(&self) -> AccessKeyCredentials {
        let configuration = &self.configuration;
        AccessKeyCredentials {
            access_key_id: configuration.root_access_key_id.clone(),
            secret_access_key: Secret::new(configuration.root_secret_access_key.clone()),
        }
    }

    /// Answers a request as IAM or STS would.
    ///
    /// The request target and the header values must be the bytes that the
    /// client sent: they are what it signed.
    pub fn handle<B: AsRef<[u8]>>(&self, request: &Request<B>, arrival: Arrival) -> Reply {
        let arrival = Arrival { now: whole_utc_second(arrival.now), ..arrival };
        let answers = Answers { request_id: self.request_ids.next(arrival.now), now: arrival.now };
        let received = Received::of(request);
        let presentation = Presentation::of(&received);
        let parameters = read_parameters(
            request.method(),
            request.uri(),
            request.headers(),
            request.body().as_ref(),
            operation::is_read,
        );
        let mut record = Record {
            request_id: answers.request_id.uuid,
            time: arrival.now,
            source: arrival.source,
            is_tls: arrival.is_tls,
            service: None,
            action: None,
            is_missing: false,
            read_only: None,
            access_key_id: presentation.access_key_id(),
            caller_arn: None,
            status: 0,
            error: None,
        };
        let foreign = presentation.foreign_service().filter(|_| match &parameters {
            Ok(parameters) => !is_meant_for_us(parameters),
            Err(refusal) => refusal.is_of_dispatch(),
        });
        let response = match parameters {
            _ if foreign.is_some() => {
                let service = foreign.unwrap_or_default();
                let message = foreign_message(&service);
                record.error = Some(ApiError::new(ErrorCode::InvalidAction, message));
                foreign_answer(&answers, &service, request.headers(), parameters.is_ok())
            }
            Ok(parameters) => {
                let action = parameters.get("Action").unwrap_or_default();
                let version = parameters.get("Version");
                let service = service(&presentation, &action, version.as_deref());
                record.service = Some(service.signing_name());
                let format = Format::of(request.headers(), service);
                let result = self.perform(&presentation, service, &parameters, &mut record);
                match result {
                    Ok(result) => answers.success(service, format, &action, result),
                    Err(error) => {
                        let response = answers.failure(service, format, &error);
                        record.error = Some(error);
                        response
                    }
                }
            }
            Err(refusal) => {
                let service = presentation.service().unwrap_or(Service::Iam);
                let format = Format::of(request.headers(), service);
                let mut response = answers.front_end(service, format, &refusal);
                if request.method() == Method::HEAD {
                    // Its length is told, itself it is not sent.
                    *response.body_mut() = Bytes::new();
                }
                response
            }
        };
        self.reply(response, record)
    }

    /// Creates a user at the path `/` with an access key, as the root.
    ///
    /// # Errors
    ///
    /// Whatever CreateUser answers: the name may be taken, not a name, or one
    /// too many.
    pub fn create_user_with_key(
        &self,
        user_name: &str,
        now: OffsetDateTime,
    ) -> Result<AccessKeyCredentials, ApiError> {
        let form = encode_form(&[("UserName", user_name)]);
        let parameters = Parameters::read(b"", form.as_bytes(), operation::is_read)?;
        let create_user: CreateUser = operation::read(&parameters)?;
        let create_access_key: CreateAccessKey = operation::read(&parameters)?;
        let mut state = self.state();
        let caller = state.caller(Principal::Root)?;
        let call = Call { caller: &caller, now: whole_utc_second(now), markers: &self.markers };
        create_user.apply(&mut state, &call)?;
        let key = create_access_key.apply(&mut state, &call)?;
        Ok(AccessKeyCredentials { access_key_id: key.id, secret_access_key: key.secret })
    }

    /// Authenticates, decodes, authorizes, applies.
    fn perform(
        &self,
        presentation: &Presentation<'_>,
        service: Service,
        parameters: &Parameters<'_>,
        record: &mut Record,
    ) -> Result<Option<ResultContent>, ApiError> {
        let now = record.time;
        let action = parameters.get("Action").unwrap_or_default();
        let row = operation::find(service, &action);
        record.action =
            Some(row.map_or_else(|| record::kept_action(&action), |row| row.name.into()));
        record.read_only = row.map(|row| row.read_only);
        record.is_missing = row.is_none() && operation::is_known_to_aws(service, &action);
        let expectation =
            Expectation { service, region_check: self.configuration.region_check, now };
        let credential_of = |id: &str| self.state().signing_credential(id);
        let authenticated = presentation.authenticate(&expectation, credential_of)?;
        let version = parameters.get("Version");
        let pending = match row {
            Some(row) if version.as_deref() == Some(service.version()) => (row.read)(parameters),
            _ => Err(operation::not_found(&action, version.as_deref())),
        };
        let mut state = self.state();
        // A call that is refused from here on has still used its key.
        let caller = state.admit(&authenticated.access_key_id, authenticated.key_use)?;
        record.caller_arn = Some(caller.arn.clone());
        let call = Call { caller: &caller, now, markers: &self.markers };
        pending?.perform(&service.action(&action), &mut state, &call)
    }

    /// The end of every request.
    fn reply(&self, response: Response<Bytes>, record: Record) -> Reply {
        let record = Record { status: response.status().as_u16(), ..record };
        Reply { response, delivery: Delivery::default(), record }
    }
}

impl Emulator {
    fn from_seed(configuration: Configuration, account: AccountId, seed: Seed) -> Self {
        let ids = EntityIds::new(seed.clone());
        let bootstrap = BootstrapKey {
            id: configuration.root_access_key_id.clone(),
            secret: Secret::new(configuration.root_secret_access_key.clone()),
        };
        let state = State::new(account, bootstrap, ids);
        Self {
            markers: MarkerKey::new(seed.marker_key()),
            request_ids: RequestIds::new(seed),
            state: Mutex::new(state),
            configuration,
        }
    }

    /// A panic elsewhere cannot have left a change half done, because changes
    /// come after the last check that could fail.
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Emulator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Emulator")
            .field("configuration", &self.configuration)
            .finish_non_exhaustive()
    }
}

impl Drop for Emulator {
    fn drop(&mut self) {
        self.configuration.root_secret_access_key.zeroize();
    }
}

/// An access key as its owner needs it to sign.
///
/// The secret is wiped when this is dropped, and `Debug` does not show it.
#[derive(Clone, PartialEq, Eq)]
pub struct AccessKeyCredentials {
    access_key_id: String,
    secret_access_key: Secret,
}

impl AccessKeyCredentials {
    /// The id, which travels in the clear.
    #[must_use]
    pub fn access_key_id(&self) -> &str {
        &self.access_key_id
    }

    /// The secret, which signs and never travels.
    #[must_use]
    pub fn secret_access_key(&self) -> &str {
        self.secret_access_key.expose()
    }
}

impl fmt::Debug for AccessKeyCredentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AccessKeyCredentials")
            .field("access_key_id", &self.access_key_id)
            .finish_non_exhaustive()
    }
}

/// The service that a request is meant for: the one whose version it names, else whose action,
/// else the one it was signed for. Signed for one and with the version of the other, it is the
/// signed one's to refuse.
fn service(presentation: &Presentation<'_>, action: &str, version: Option<&str>) -> Service {
    let signed = presentation.service();
    match version.and_then(Service::with_version) {
        Some(named) => signed.unwrap_or(named),
        None => operation::service(action).or(signed).unwrap_or(Service::Iam),
    }
}

/// Whether a request names an operation or a version that IAM or STS has.
fn is_meant_for_us(parameters: &Parameters<'_>) -> bool {
    let action = parameters.get("Action").unwrap_or_default();
    let version = parameters.get("Version");
    version.is_some_and(|version| Service::with_version(&version).is_some())
        || Service::ALL.into_iter().any(|service| {
            operation::find(service, &action).is_some()
                || operation::is_known_to_aws(service, &action)
        })
}

/// What answers, scopes and timestamps count in.
fn whole_utc_second(moment: OffsetDateTime) -> OffsetDateTime {
    // In whole seconds every moment that exists has its UTC form, but for
    // those within a day of the ends of time.
    OffsetDateTime::from_unix_timestamp(moment.unix_timestamp()).unwrap_or(moment)
}

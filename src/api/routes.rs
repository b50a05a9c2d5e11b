//! All routes, listed once, with what goes around them.

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::middleware;
use axum::response::{IntoResponse, Response};
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::compression::predicate::{DefaultPredicate, NotForContentType, Predicate};
use tower_http::request_id::{MakeRequestUuid, PropagateRequestIdLayer, SetRequestIdLayer};
use tower_http::set_header::SetResponseHeaderLayer;
use utoipa::OpenApi;
use utoipa::openapi::path::{Operation, PathItem};
use utoipa::openapi::schema::{AdditionalProperties, KnownFormat, ObjectBuilder, SchemaFormat, Type};
use utoipa::openapi::security::{ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::openapi::{Content, InfoBuilder, RefOr, Schema, SecurityRequirement};
use utoipa_axum::router::OpenApiRouter;
use utoipa_swagger_ui::SwaggerUi;

use super::app::App;
use super::caller::SESSION;
use super::problem::Problem;
use super::{
    comments, keys, limits, metrics, pages, parking, plans, project_files, projects, public, publications, rides,
    rooms, running, runs, scenarios, session, status, surveys, sweeps, users,
};

/// Largest body of any kind but uploads, bytes.
const LARGEST: usize = 2 << 20;

#[derive(OpenApi)]
#[openapi()]
struct Description;

/// The service: API, its description and page, pages for people.
pub fn router(app: App) -> Router {
    let (api, mut description) = OpenApiRouter::with_openapi(Description::openapi())
        .merge(status::routes())
        .merge(session::routes())
        .merge(users::routes())
        .merge(keys::routes())
        .merge(projects::routes())
        .merge(project_files::routes())
        .merge(surveys::routes())
        .merge(scenarios::routes())
        .merge(plans::routes())
        .merge(sweeps::routes())
        .merge(runs::routes())
        .merge(publications::routes())
        .merge(running::routes())
        .merge(parking::routes())
        .merge(rooms::routes())
        .merge(rides::routes())
        .merge(comments::routes())
        .merge(public::routes())
        .split_for_parts();
    describe(&mut description);
    // Feeds of events must not wait in a compressor's buffer; what is packed already is not packed again.
    let packed = DefaultPredicate::new()
        .and(NotForContentType::const_new("text/event-stream"))
        .and(NotForContentType::const_new("application/zip"));
    let header = |name: HeaderName, value: &'static str| {
        SetResponseHeaderLayer::if_not_present(name, HeaderValue::from_static(value))
    };
    let id = HeaderName::from_static("x-request-id");
    api.merge(pages::routes())
        .merge(SwaggerUi::new("/docs").url("/v1/openapi.json", description))
        .fallback(async || Problem::missing("page"))
        .method_not_allowed_fallback(async || Problem::new(StatusCode::METHOD_NOT_ALLOWED, "method"))
        .layer(DefaultBodyLimit::max(LARGEST))
        .layer(middleware::from_fn_with_state(app.clone(), limits::limit))
        .layer(middleware::from_fn(metrics::count))
        .layer(CatchPanicLayer::custom(|_| -> Response { Problem::fault(&"a handler panicked").into_response() }))
        .layer(CompressionLayer::new().compress_when(packed))
        .layer(header(header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .layer(header(header::REFERRER_POLICY, "same-origin"))
        .layer(header(header::X_FRAME_OPTIONS, "DENY"))
        .layer(PropagateRequestIdLayer::new(id.clone()))
        .layer(SetRequestIdLayer::new(id, MakeRequestUuid))
        .with_state(app)
}

/// The description of the API, as `/v1/openapi.json` has it.
fn describe(description: &mut utoipa::openapi::OpenApi) {
    description.info = InfoBuilder::new()
        .title("Jiebo 接驳")
        .version(env!("CARGO_PKG_VERSION"))
        .description(Some(
            "Commute surveys into shuttle services that run, and shared parking. Writes take an Idempotency-Key (kept 48 hours) \
             and, where a thing has a revision, If-Match. Lists page by cursor. Errors are problem+json in English and Chinese. \
             Limits: JSON 1 MB, uploads 64 MB (256 MB unpacked), a search 3,600 s.",
        ))
        .build();
    let components = description.components.get_or_insert_default();
    let cookie = SecurityScheme::ApiKey(ApiKey::Cookie(ApiKeyValue::new(SESSION)));
    let bearer = SecurityScheme::Http(HttpBuilder::new().scheme(HttpAuthScheme::Bearer).build());
    components.security_schemes.insert("session".to_owned(), cookie.into());
    components.security_schemes.insert("key".to_owned(), bearer.into());
    let none: [&str; 0] = [];
    let signed_in = vec![SecurityRequirement::new("session", none), SecurityRequirement::new("key", none)];
    for (path, item) in &mut description.paths.paths {
        let PathItem { get, put, post, delete, patch, .. } = item;
        for (method, operation) in [("get", get), ("put", put), ("post", post), ("delete", delete), ("patch", patch)] {
            if let Some(operation) = operation {
                complete(operation, path, method, &signed_in);
            }
        }
    }
    description.security = Some(signed_in);
    // What serde refuses (deny_unknown_fields) in an enum whose kind is a field, the derived schema does not forbid.
    for name in ["Modification"] {
        if let Some(RefOr::T(Schema::OneOf(kinds))) = components.schemas.get_mut(name) {
            for kind in &mut kinds.items {
                if let RefOr::T(Schema::Object(kind)) = kind {
                    kind.additional_properties = Some(Box::new(AdditionalProperties::FreeForm(false)));
                }
            }
        }
    }
}

/// What is the same everywhere and need not stand at each handler: a name of its own, who may call it, and how problems are written.
fn complete(operation: &mut Operation, path: &str, method: &str, signed_in: &[SecurityRequirement]) {
    let words = path.trim_start_matches("/v1").split(['/', '{', '}', '.', '-']).filter(|word| !word.is_empty());
    operation.operation_id = Some(words.fold(method.to_owned(), |id, word| format!("{id}_{word}")));
    let open_to_all = |tags: &[String]| tags.iter().any(|tag| tag == "public" || tag == "status");
    if operation.security.is_none() {
        let open = operation.tags.as_deref().is_some_and(open_to_all)
            || (method == "post" && ["/v1/session", "/v1/invitations/accepted"].contains(&path));
        operation.security = Some(if open { Vec::new() } else { signed_in.to_vec() });
    }
    for (status, response) in &mut operation.responses.responses {
        let RefOr::T(response) = response else { continue };
        if status.starts_with(['4', '5'])
            && let Some(content) = response.content.swap_remove("application/json")
        {
            response.content.insert("application/problem+json".to_owned(), content);
        }
        response.content.iter_mut().for_each(as_bytes);
    }
    if let Some(RefOr::T(body)) = &mut operation.request_body {
        body.content.iter_mut().for_each(as_bytes);
    }
}

/// `Vec<u8>` is a list of numbers in JSON; anywhere else it is bytes.
fn as_bytes((kind, content): (&String, &mut RefOr<Content>)) {
    if let RefOr::T(content) = content
        && !kind.ends_with("json")
        && let Some(RefOr::T(Schema::Array(_))) = content.schema
    {
        let bytes =
            ObjectBuilder::new().schema_type(Type::String).format(Some(SchemaFormat::KnownFormat(KnownFormat::Binary)));
        // Of any kind, JSON too: nothing more can be said.
        content.schema = (kind != "*/*").then(|| bytes.into());
    }
}

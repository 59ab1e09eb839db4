using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace Distribution.Functions;

public sealed class Web(WebPipeline pipeline)
{
    [Function(nameof(Web))]
    public Task Run(
        [HttpTrigger(
            AuthorizationLevel.Anonymous,
            "get",
            "head",
            "post",
            "put",
            "delete",
            "options",
            "patch",
            Route = "{*path}")]
            HttpRequest request) => pipeline.Answer(request.HttpContext);
}

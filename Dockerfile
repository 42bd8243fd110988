# epochal on Debian 12: the tracker and the experiments with LibTorch.
#   docker build -t epochal .
#   docker run --rm -v "$PWD:/work" epochal run /usr/share/epochal/sweeps/quick.toml
FROM debian:12-slim AS build
COPY . /source
WORKDIR /source
RUN scripts/setup && cd build/release && cpack -G DEB

FROM debian:12-slim
RUN --mount=type=bind,from=build,source=/source/build/release,target=/packages \
    apt-get update -qq && \
    apt-get install -y -qq --no-install-recommends /packages/epochal_*.deb /packages/epochal-adain_*.deb && \
    rm -rf /var/lib/apt/lists/*
WORKDIR /work
ENTRYPOINT ["epochal"]

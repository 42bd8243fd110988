// Head and shoulders. Coordinates on the head: x in half widths, y in half heights upwards, both
// about its middle.

#include <algorithm>

#include "experiments/torch/images/generated/generated_scenes.h"
#include "experiments/torch/images/generated/portable_trigonometry.h"

namespace epochal::scene {
namespace {

struct Person {
  double x;  ///< middle of the head
  double y;
  double width;  ///< half of it
  double height;
  double turn;   ///< to which side the face looks, -1 to 1
  double light;  ///< from which side it is lit
  Colour skin;
  Colour hair;
  Colour eyes;
  Colour lips;
  Colour cloth;
  Colour collar;
  bool has_long_hair;
  bool has_hat;
  bool has_beard;
};

Person drawn_person(KeyedRandom& random) {
  Person p{};
  p.x = random.uniform(0.43, 0.57);
  p.y = random.uniform(0.36, 0.43);
  p.width = random.uniform(0.14, 0.17);
  p.height = p.width * random.uniform(1.28, 1.42);
  p.turn = random.uniform(-0.7, 0.7);
  p.light = random.below(2) == 0 ? -1 : 1;
  constexpr std::array<Colour, 5> kSkins{
      {{.96, .80, .68}, {.90, .70, .55}, {.78, .56, .40}, {.58, .38, .26}, {.40, .26, .19}}};
  const auto skin = random.below(kSkins.size());
  p.skin = kSkins.at(skin) * random.uniform(0.94, 1.04);
  constexpr std::array<Colour, 6> kHairs{{{.12, .09, .08},
                                          {.26, .16, .10},
                                          {.46, .28, .14},
                                          {.78, .60, .32},
                                          {.62, .26, .12},
                                          {.66, .65, .64}}};
  p.hair = kHairs.at(skin > 2 ? random.below(2) : random.below(kHairs.size()));
  p.eyes = drawn_colour(random, {0.07, 0.6}, {0.3, 0.6}, {0.25, 0.55});
  p.lips = p.skin * Colour{0.86, 0.55, 0.55};
  p.cloth = drawn_colour(random, {0, 1}, {0.15, 0.8}, {0.2, 0.85});
  p.collar = random.below(2) == 0 ? Colour{0.92, 0.9, 0.86} : p.cloth * 0.6;
  p.has_long_hair = random.below(2) == 0;
  p.has_hat = random.below(4) == 0;
  p.has_beard = !p.has_long_hair && random.below(4) == 0;
  return p;
}

Colour shaded(const Colour& colour, double share) {
  const Colour dark{0.34, 0.28, 0.34};
  const Colour bright{1.06, 1.02, 0.95};
  return colour * mixed(dark, bright, std::clamp(share, 0.0, 1.0));
}

void background(Canvas& canvas, KeyedRandom& random, const Person& p) {
  const ValueNoise noise(random);
  const Colour wall = drawn_colour(random, {0, 1}, {0.1, 0.5}, {0.25, 0.85});
  const Colour other = mixed(wall, drawn_colour(random, {0, 1}, {0.1, 0.5}, {0.2, 0.8}), 0.4);
  const bool is_outside = random.below(3) == 0;
  const Colour green = drawn_colour(random, {0.18, 0.4}, {0.3, 0.6}, {0.3, 0.55});
  canvas.fill([&](double x, double y) {
    const double cloud = noise.fractal(3 * x, 3 * y, 5);
    if (is_outside) {
      const double hill = 0.5 + 0.12 * noise.fractal(2.2 * x, 8, 4);
      const Colour sky =
          mixed({0.55, 0.7, 0.88}, {0.93, 0.9, 0.82}, std::clamp(1.5 * y + 0.5 * cloud, 0.0, 1.0));
      const double leaves = noise.fractal(11 * x, 11 * y, 3);
      return y < hill ? sky : mixed(green, sky, 0.35) * (0.85 + 0.35 * leaves);
    }
    const double light = 0.62 + 0.55 * p.light * (x - 0.5) - 0.35 * (y - 0.4) + 0.16 * cloud;
    return mixed(wall, other, smooth_step(0.05, 0.5, cloud)) * std::clamp(light + 0.2, 0.15, 1.1);
  });
}

void bust(Canvas& canvas, KeyedRandom& random, const Person& p) {
  const ValueNoise folds(random);
  const double neck = 0.56 * p.width;
  const double chin = p.y + p.height;
  const double shoulder = chin + 0.55 * p.width;
  const double reach = 2.25 * p.width;
  Outline torso{{p.x - reach * 1.18, 1.05}, {p.x - reach * 1.1, 0.97}};
  for (int i = 0; i <= 20; ++i) {
    const double t = i / 10.0 - 1;
    const double slope = t * t;
    torso.emplace_back(p.x + reach * t, shoulder - 0.22 * p.width +
                                            (0.1 + 0.95 * slope * slope) * 0.75 * p.width +
                                            0.28 * p.width * slope);
  }
  torso.emplace_back(p.x + reach * 1.1, 0.97);
  torso.emplace_back(p.x + reach * 1.18, 1.05);
  const auto cloth_at = [&](double x, double y) {
    const double across = (x - p.x) / (1.2 * reach);
    const double fold = folds.fractal(5 * across + 1.2 * y, 3.4 * y + 1.6 * std::abs(across), 4);
    const double weave = folds.at(90 * x, 90 * y);
    const double share = 0.52 + 0.5 * p.light * across + 0.6 * fold - 0.5 * across * across;
    return shaded(p.cloth * (1 + 0.08 * weave), share);
  };
  canvas.paint(torso, cloth_at);
  const Outline throat{
      {p.x - neck, chin - 0.6 * p.width}, {p.x + neck, chin - 0.6 * p.width},
      {p.x + 1.12 * neck, shoulder},      {p.x + 0.45 * neck, shoulder + 0.55 * p.width},
      {p.x, shoulder + 0.75 * p.width},   {p.x - 0.45 * neck, shoulder + 0.55 * p.width},
      {p.x - 1.12 * neck, shoulder}};
  canvas.paint(throat, [&](double x, double y) {
    const double turn = (x - p.x) / neck;
    const double under = smooth_step(chin + 0.35 * p.width, chin - 0.3 * p.width, y);
    return shaded(p.skin, 0.55 + 0.35 * p.light * turn - 0.42 * under);
  });
  for (const double side : {-1.0, 1.0}) {
    const Outline lapel{{p.x + side * 1.0 * neck, shoulder - 0.32 * p.width},
                        {p.x + side * 1.55 * neck, shoulder - 0.06 * p.width},
                        {p.x + side * 1.05 * neck, shoulder + 0.75 * p.width},
                        {p.x, shoulder + 0.78 * p.width}};
    canvas.paint(lapel, [&](double x, double y) {
      return shaded(p.collar, 0.62 + 0.3 * p.light * side + 0.5 * folds.at(9 * x, 9 * y));
    });
  }
}

/// Half the width of a head at a height in [-1,1]: round above, narrower at the jaw.
double jaw(double v) {
  const double below = std::max(0.0, -v);
  return std::sqrt(std::max(0.0, 1 - v * v)) * (1 - 0.22 * below * below) +
         0.10 * below * (1 - below);
}

void hair_mass(Canvas& canvas, const ValueNoise& strands, const Person& p) {
  const double low = p.has_long_hair ? -1.75 : -0.35;
  canvas.wash(
      p.x - 1.7 * p.width, p.y - 1.35 * p.height, p.x + 1.7 * p.width, p.y - low * p.height,
      [&](double x, double y) -> Paint {
        const double u = (x - p.x) / p.width;
        const double v = (p.y - y) / p.height;
        const double rough = strands.fractal(3.2 * u, 1.2 * v, 3);
        const double reach = v > 0.1
                                 ? 1.2 * std::sqrt(std::max(0.0, 1 - (v - 0.1) * (v - 0.1) / 1.25))
                                 : 1.2 + (p.has_long_hair ? 0.1 * (0.1 - v) : 0.35 * (v - 0.1));
        const double end = smooth_step(low - 0.1, low + 0.12, v + 0.2 * rough);
        const double cover = smooth_step(0.02, 0.1, reach + 0.1 * rough - std::abs(u)) * end;
        const double lock = strands.fractal(9 * u + 2 * v, 1.6 * v, 3);
        return {
            shaded(p.hair * (1 + 0.5 * lock), 0.45 + 0.3 * p.light * u + 0.55 * lock + 0.15 * v),
            cover};
      });
}

void face(Canvas& canvas, const ValueNoise& skin, const Person& p) {
  canvas.wash(
      p.x - 1.1 * p.width, p.y - 1.05 * p.height, p.x + 1.1 * p.width, p.y + 1.05 * p.height,
      [&](double x, double y) -> Paint {
        const double v = (p.y - y) / p.height;
        const double half = jaw(v);
        const double u = (x - p.x) / p.width;
        const double cover = smooth_step(0.012, -0.012, std::abs(u) - 0.93 * half);
        if (cover <= 0) return {{}, 0};
        const double f = u - 0.22 * p.turn;  // about the line of the nose
        const double round = 0.5 + 0.48 * p.light * u - 0.30 * u * u + 0.12 * v;
        // Hollows of the eyes, the nose's side turned from the light, below nose and lip.
        const auto bump = [](double du, double dv) { return std::max(0.0, 1 - du * du - dv * dv); };
        double relief = 0;
        for (const double side : {-1.0, 1.0}) {
          relief -= 0.26 * bump((f - 0.38 * side) / 0.26, (v - 0.13) / 0.16);
          relief += 0.12 * bump((f - 0.5 * side) / 0.28, (v + 0.24) / 0.22);
        }
        const double wing = 0.06 + 0.10 * smooth_step(0.1, -0.28, v);
        relief -= 0.34 * bump((f + 0.12 * p.light) / wing, (v + 0.08) / 0.3);
        relief += 0.22 * bump((f - 0.03 * p.light) / 0.07, (v + 0.1) / 0.34);
        relief -= 0.26 * bump(f / 0.18, (v + 0.37) / 0.06);
        relief -= 0.16 * bump(f / 0.3, (v + 0.68) / 0.07);
        relief += 0.08 * bump(f / 0.24, (v + 0.82) / 0.12);
        const double grain = 0.08 * skin.fractal(7 * u, 7 * v, 4);
        Colour colour = p.skin;
        const double cheek = bump((std::abs(f) - 0.5) / 0.3, (v + 0.26) / 0.24);
        colour = mixed(colour, p.skin * Colour{1.0, 0.72, 0.68}, 0.45 * cheek);
        if (p.has_beard) {
          const double beard =
              smooth_step(-0.18, -0.4, v + 0.25 * std::abs(f) * -1 + 0.6 * grain) *
              smooth_step(0.0, 0.05, std::max(std::abs(f) - 0.24, std::abs(v + 0.53) - 0.06));
          colour = mixed(colour, p.hair * (1 + 3 * grain), 0.9 * beard);
        }
        return {shaded(colour, round + relief + grain), cover};
      });
}

void features(Canvas& canvas, const Person& p) {
  const double middle = 0.22 * p.turn;
  const auto place = [&](double u, double v) {
    return cv::Point2d(p.x + u * p.width, p.y - v * p.height);
  };
  const double line = 0.035 * p.width;
  for (const double side : {-1.0, 1.0}) {
    // The eye on the far side is narrower.
    const double w = 0.175 * (1 - 0.22 * side * p.turn * (side * p.turn > 0 ? 1 : 0.2));
    const double u = middle + 0.38 * side * (1 - 0.06 * side * p.turn);
    const double v = 0.10;
    Outline eye;
    Outline lid;
    for (int i = 0; i <= 12; ++i) {
      const double t = i / 6.0 - 1;
      eye.push_back(place(u + w * t, v + 0.066 * (1 - t * t)));
    }
    lid = eye;
    for (int i = 11; i > 0; --i) {
      const double t = i / 6.0 - 1;
      eye.push_back(place(u + w * t, v - 0.042 * (1 - t * t)));
    }
    const double gaze = u + 0.05 * p.turn;
    const cv::Point2d iris = place(gaze, v + 0.018);
    const double radius = 0.098 * p.width;
    canvas.paint(eye, [&](double x, double y) {
      const double dx = x - iris.x;
      const double dy = y - iris.y;
      const double away = std::sqrt(dx * dx + dy * dy) / radius;
      if (away < 0.45) return Colour{0.04, 0.03, 0.03};
      if (away < 1) return p.eyes * (away > 0.85 ? 0.5 : 1.0);
      return shaded({0.84, 0.81, 0.78},
                    0.62 + 0.2 * p.light * side + (y < iris.y - 0.4 * radius ? -0.3 : 0));
    });
    canvas.disc(iris.x + 0.35 * radius * p.light, iris.y - 0.4 * radius, 0.22 * radius,
                {0.98, 0.98, 0.96});
    for (std::size_t i = 1; i < lid.size(); ++i) {
      canvas.line(lid[i - 1].x, lid[i - 1].y, lid[i].x, lid[i].y, line, p.hair * 0.45);
    }
    Outline brow;
    for (int i = 0; i <= 8; ++i) {
      const double t = i / 4.0 - 1;
      brow.push_back(
          place(u + 1.3 * w * t + 0.02 * side, v + 0.24 - 0.06 * t * t + 0.02 * side * t));
    }
    for (int i = 8; i >= 0; --i) {
      const double t = i / 4.0 - 1;
      brow.push_back(
          place(u + 1.3 * w * t + 0.02 * side, v + 0.19 - 0.07 * t * t + 0.02 * side * t));
    }
    canvas.polygon(brow, mixed(p.hair * 0.8, p.skin * 0.6, 0.25));
    canvas.ellipse(place(middle + 0.09 * side, -0.31).x, place(0, -0.31).y, 0.04 * p.width,
                   0.022 * p.width, p.skin * Colour{0.42, 0.3, 0.28});
  }
  const double v = -0.53;
  const double w = 0.27;
  const Outline upper{place(middle - w, v),     place(middle - 0.35 * w, v + 0.062),
                      place(middle, v + 0.043), place(middle + 0.35 * w, v + 0.062),
                      place(middle + w, v),     place(middle, v - 0.014)};
  Outline lower{place(middle - w, v)};
  for (int i = 1; i < 8; ++i) {
    const double t = i / 4.0 - 1;
    lower.push_back(place(middle + w * t, v - 0.085 * (1 - t * t)));
  }
  lower.push_back(place(middle + w, v));
  canvas.polygon(lower, mixed(p.lips, p.skin, 0.2));
  canvas.polygon(upper, p.lips * 0.78);
  canvas.line(place(middle - w, v).x, place(0, v).y, place(middle + w, v).x, place(0, v).y,
              0.5 * line, p.lips * 0.45);
}

void fringe(Canvas& canvas, const ValueNoise& strands, const Person& p) {
  canvas.wash(
      p.x - 1.25 * p.width, p.y - 1.3 * p.height, p.x + 1.25 * p.width, p.y + 0.2 * p.height,
      [&](double x, double y) -> Paint {
        const double u = (x - p.x) / p.width;
        const double v = (p.y - y) / p.height;
        const double rough = strands.fractal(3 * u, 1.5 * v, 3);
        const double parting = u - 0.25 * p.light;
        const double line = 0.78 - 0.5 * parting * parting + 0.1 * rough;
        const double top = 1.14 - 0.36 * u * u;
        const double cover = smooth_step(-0.01, 0.05, v - line) *
                             smooth_step(0.02, -0.03, v - top) *
                             smooth_step(1.2, 1.12, std::abs(u));
        const double lock = strands.fractal(7 * parting, 2 * v, 3);
        return {shaded(p.hair * (1 + 0.5 * lock), 0.5 + 0.35 * p.light * u + 0.6 * lock), cover};
      });
}

void hat(Canvas& canvas, KeyedRandom& random, const ValueNoise& felt, const Person& p) {
  const Colour colour = drawn_colour(random, {0, 1}, {0.15, 0.7}, {0.25, 0.8});
  const Colour band = drawn_colour(random, {0, 1}, {0.3, 0.8}, {0.2, 0.7});
  const double brim = p.y - 0.62 * p.height;
  Outline dome;
  for (int i = 0; i <= 16; ++i) {
    const double angle = kPi * i / 16;
    dome.emplace_back(p.x - 1.12 * p.width * portable_cos(angle),
                      brim - 0.85 * p.height * portable_sin(angle));
  }
  canvas.paint(dome, [&](double x, double y) {
    const double u = (x - p.x) / p.width;
    const double v = (brim - y) / p.height;
    const double grain = felt.fractal(6 * u, 9 * v, 3);
    return shaded((v < 0.22 ? band : colour) * (1 + 0.2 * grain),
                  0.55 + 0.45 * p.light * u - 0.2 * u * u);
  });
  constexpr int kCorners = 40;
  Outline rim;
  for (int i = 0; i < kCorners; ++i) {
    const double angle = 2 * kPi * i / kCorners;
    rim.emplace_back(p.x + 1.75 * p.width * portable_cos(angle),
                     brim + 0.2 * p.height * portable_sin(angle));
  }
  canvas.paint(rim, [&](double x, double y) {
    const double u = (x - p.x) / p.width;
    const double under = smooth_step(0, 0.15 * p.height, y - brim);
    return shaded(colour * (1 + 0.2 * felt.fractal(5 * u, 20 * y, 3)),
                  0.65 + 0.2 * p.light * u - 0.4 * under);
  });
}

}  // namespace

void portrait(Canvas& canvas, KeyedRandom& random) {
  const Person p = drawn_person(random);
  background(canvas, random, p);
  const ValueNoise strands(random);
  const ValueNoise skin(random);
  hair_mass(canvas, strands, p);
  bust(canvas, random, p);
  face(canvas, skin, p);
  features(canvas, p);
  if (p.has_hat) {
    hat(canvas, random, strands, p);
  } else {
    fringe(canvas, strands, p);
  }
}

}  // namespace epochal::scene
